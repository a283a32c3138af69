"""Packages that are there, and what is said of those that are not."""

from harness import SANDBOX, SessionTestCase

NETWORK = (
    "This session has no network; the settings python.network=egress and "
    "python.egress=pypi.org:443,files.pythonhosted.org:443 would let pip install more.]"
)


class PackageTests(SessionTestCase):
    def test_every_package_of_the_list_can_be_imported(self):
        names = [line.partition("#")[0].strip().lstrip("~") for line in
                 (SANDBOX / "packages.txt").read_text().splitlines() if not line.startswith(("#", "-"))]
        self.assertGreater(len(names), 30)
        outcome = self.run_cells("".join(f"import {name}\n" for name in names))
        self.assertEqual(outcome.status, 0, outcome.text)

    def test_they_do_what_they_are_for(self):
        cases = {
            "tqdm": ("from tqdm import tqdm\nfor _ in tqdm(range(3)): pass", r"100%\|█+\| 3/3"),
            "Excel": ("import pandas as pd\npd.DataFrame({'a': [1]}).to_excel('a.xlsx', index=False)\n"
                      "pd.read_excel('a.xlsx')", r"^   a\n0  1\n$"),
            "a style": ("pd.DataFrame({'a': [1]}).style", r"^ a\n0 1\n\n?$"),
            "Markdown": ("print(pd.DataFrame({'a': [1]}).to_markdown())", r"^\|    \|   a \|\n"),
            "HTML": ("pd.read_html('<table><tr><td>1</td></tr></table>')", r"0  1\]"),
            "a document": ("import docx\nd = docx.Document()\nd.add_paragraph('é')\nd.save('a.docx')\n"
                           "docx.Document('a.docx').paragraphs[0].text", r"^'é'\n$"),
            "plotly": ("import plotly.express as px\npx.line(x=[1, 2], y=[3, 4]).show()",
                       r'src="iframe_figures/figure_\d+\.html"'),
            "a linear program": ("import pulp\np = pulp.LpProblem('p', pulp.LpMaximize)\nx = pulp.LpVariable('x', 0, 3)\n"
                                 "p += 2 * x\np.solve(pulp.COIN_CMD(msg=0))\nx.value()", r"^3\.0\n$"),
            "a solver": ("import z3\nx = z3.Int('x')\nz3.solve(x > 2, x < 4)", r"^\[x = 3\]\n$"),
            "a regression": ("import statsmodels.api as sm\nimport numpy as np\n"
                             "sm.OLS(np.array([1., 2, 3]), np.array([1., 2, 3])).fit().params.round(6)",
                             r"^array\(\[1\.\]\)\n$"),
        }
        for name, (cell, shown) in cases.items():
            with self.subTest(name):
                outcome = self.session.run(cell)
                self.assertEqual(outcome.status, 0, outcome.text)
                self.assertRegex(outcome.text, shown)

    def test_an_import_that_fails_ends_with_what_there_is(self):
        cases = {
            "import torch": r"\[torch is not installed here\. In its place there is: sklearn, statsmodels, scipy\. ",
            "import os, tensorflow.keras as k": r"\[tensorflow is not installed here\. In its place there is: sklearn",
            "from nosuch.inner import x": r"\[nosuch is not installed here\. There are, beside .*: numpy, pandas, .*tqdm",
            "import pandas\npandas.DataFrame().to_parquet('x')": r"\[pyarrow is not installed here\. In its place",
            "from tqdm.notebook import tqdm\ntqdm([1])": r"\[ipywidgets is not .*: tqdm\.auto, for tqdm\.notebook\. ",
        }
        for cell, said in cases.items():
            with self.subTest(cell):
                outcome = self.session.run(cell)
                self.assertEqual(outcome.status, 1)
                self.assertRegex(outcome.text, said)
                self.assertTrue(outcome.text.endswith(NETWORK + "\n"), outcome.text)

    def test_errors_about_what_is_installed_say_no_more(self):
        for cell in ("import numpy.nosuch", "from numpy import nosuch", "raise ImportError('no')"):
            with self.subTest(cell):
                self.assertNotIn("installed here", self.session.run(cell).text)

    def test_pip_without_an_index_says_so(self):
        for cell in ("%pip install --quiet six", "!pip install six", "!{sys.executable} -m pip install six",
                     "!pip install -q six 2>&1 | tail -n 1"):
            with self.subTest(cell):
                text = self.run_cells("import sys", cell).text
                self.assertNotIn("Retrying", text)
                self.assertIn("\n[Nothing can be installed here. There are: numpy, pandas, ", text)
                self.assertTrue(text.endswith(NETWORK + "\n"), text)
        for cell in ("!pip --version", "!false"):
            self.assertNotIn("installed here", self.session.run(cell).text)

    def test_a_pip_that_a_cell_starts_itself_says_so_too(self):
        run = "subprocess.run([sys.executable, '-m', 'pip', {}], capture_output=True, text=True, env={})"
        start = f"import os, subprocess, sys\nhere = {{**os.environ, 'PYTHONPATH': {str(SANDBOX)!r}}}"
        cases = (
            ("'install', '-q', 'six'", "here", True),
            ("'install', '-q', 'six'", "{k: v for k, v in here.items() if k != 'PIP_NO_INDEX'} | {'PIP_INDEX_URL':"
             " 'http://127.0.0.1:1', 'PIP_RETRIES': '0'}", False),
            ("'--version'", "here", False),
        )
        for words, environment, is_shown in cases:
            with self.subTest(words):
                text = self.run_cells(start, f"done = {run.format(words, environment)}\nprint(done.stderr)").text
                self.assertEqual("[Nothing can be installed here; `pip list` says" in text, is_shown, text)

    def test_with_an_index_no_setting_is_named(self):
        cell = "import os\ndel os.environ['PIP_NO_INDEX']\nimport torch"
        self.assertRegex(self.run_cells(cell).text, r"In its place there is: sklearn, statsmodels, scipy\.\]\n$")
