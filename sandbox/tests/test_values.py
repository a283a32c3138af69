"""What a cell's last expression shows, and what the session remembers."""

import unittest

from harness import SessionTestCase


class ValueTests(SessionTestCase):
    def test_last_expression(self):
        cases = {
            "an expression is shown without a prompt": (["64548*15151"], "977966748\n"),
            "a string is shown as its representation": (["'a\\n'"], "'a\\n'\n"),
            "None is not shown": (["None"], ""),
            "a semicolon suppresses": (["5;"], ""),
            "a semicolon and a comment suppress": (["5;  # five"], ""),
            "an assignment is not shown": (["x = 5"], ""),
            "only the last expression is shown": (["1\n2\n3"], "3\n"),
            "nothing is fine": ([""], ""),
            "white space is fine": ([" \n\n"], ""),
            "a comment is fine": (["# nothing"], ""),
            "no newline at the end": (["def f():\n    return 4\nf()"], "4\n"),
            "state is kept": (["x = 5", "x + 1"], "6\n"),
            "_ is the last value": (["5", "_ + 1"], "6\n"),
            "__ is the one before": (["5", "6", "__"], "5\n"),
            "_1 is the first value": (["7", "8", "_1"], "7\n"),
            "Out begins empty": (["Out"], "{}\n"),
            "In begins with this cell": (["In"], "['', 'In']\n"),
            "Out and In": (["7", "Out[1], In[1]"], "(7, '7')\n"),
            # Some releases of IPython add an `open` of their own.
            "the namespace begins empty": (["[n for n in dir() if n[0] != '_' and n != 'open']"],
                                           "['In', 'Out', 'exit', 'get_ipython', 'quit']\n"),
            "long values are laid out": (["{'a' * 50: 1, 'b' * 50: 2}"],
                                         f"{{'{'a' * 50}': 1,\n '{'b' * 50}': 2}}\n"),
            "huge integers are shown": (["10**5000"], f"1{'0' * 5000}\n"),
            "huge integers are read": (["int('9' * 6000) % 1000007"], f"{(10**6000 - 1) % 1000007}\n"),
            "a lone surrogate is shown": (["'\\ud800'"], "'\\ud800'\n"),
            "a data frame is a table": (["import pandas\npandas.DataFrame({'a': [1, 2]})"], "   a\n0  1\n1  2\n"),
            "a fence is stripped": (["```python\n5\n```"], "5\n"),
            "a fence without a language is stripped": (["\n```\n5\n6\n```\n"], "6\n"),
            "a fence within a string is not": (["'''\n```\n'''"], "'\\n```\\n'\n"),
            "this is the main module": (["__name__"], "'__main__'\n"),
            "the main module is this": (["x = 5\nimport __main__\n__main__.x"], "5\n"),
            "the working directory is importable": (
                ["open('mine.py', 'w').write('x = 5');", "import mine\nmine.x"], "5\n"),
        }
        for name, (cells, text) in cases.items():
            with self.subTest(name):
                self.session = self.open()
                self.assert_shows(text, *cells)

    def test_old_values_leave_without_a_word(self):
        self.assert_shows("", *["1"] * 99, "2;")
        for _ in range(10):
            self.assert_shows("1\n", "1")

    def test_display(self):
        importing = "from IPython.display import *\n"
        cases = {
            "display prints": ("display(5, 'a')", "5\n'a'\n"),
            "display then value": ("display(1)\n2", "1\n2\n"),
            "HTML is text": ("HTML('<b>x</b>')", "<b>x</b>\n"),
            "Markdown is text": ("display(Markdown('# x'))", "# x\n"),
            "LaTeX is text": ("Latex('$x$')", "$x$\n"),
            "plain text wins": ("display({'text/html': '<i>', 'text/plain': 'i'}, raw=True)", "i\n"),
            "HTML alone is shown": ("display({'text/html': '<i>'}, raw=True)", "<i>\n"),
            "JSON alone is shown": ("display({'application/json': {'a': 1}}, raw=True)", '{\n  "a": 1\n}\n'),
            "an update is shown again": ("h = display(1, display_id=True)\nh.update(2)", "1\n2\n"),
            "clear_output clears nothing": ("print(1)\nclear_output()\nprint(2)", "1\n2\n"),
            "a value may display itself": (
                "class X:\n    def _ipython_display_(self): print('me')\nX()", "me\n"),
        }
        for name, (cell, text) in cases.items():
            with self.subTest(name):
                outcome = self.session.run(importing + cell)
                shown = "\n".join(line for line in outcome.text.split("\n") if "DisplayHandle" not in line)
                self.assertEqual((outcome.status, shown), (0, text))

    def test_formulas_are_text(self):
        self.assert_shows("[x]\n", "from sympy import *\ninit_printing()\n[Symbol('x')]")
        self.assert_shows(f"{2**500}\n", "2**500")

    def test_a_wide_frame_shows_the_columns_that_a_notebook_shows(self):
        text = self.run_cells("import pandas as pd\npd.DataFrame([range(30)])").text
        self.assertRegex(text, r"^ +0 +1 +2 .* 9 +\.\.\. +20 .*\\\n0 .*\n\n +27 +28 +29 +\n")

    def test_notebook_syntax(self):
        cases = {
            "a command's output": ("!echo hi; echo there >&2", "hi\nthere\n"),
            "a command's output is in order": ("print('a', end='')\n!echo b\nprint('c')", "ab\nc\n"),
            "a command has no terminal": ("!tty", "not a tty\n"),
            "a command sees variables": ("x = 5\n!echo {x} $x", "5 5\n"),
            "a command's exit code": ("!exit 3\n_exit_code", "3\n"),
            "a command's lines": ("x = !echo hi\nx", "['hi']\n"),
            "a captured command": ("%%capture c\n!echo hi", ""),
            "what was captured": ("c.stdout", "'hi\\n'\n"),
            "bash": ("%%bash\necho hi", "hi\n"),
            "inline figures are accepted": ("%matplotlib inline", ""),
            "retina figures are accepted": ("%config InlineBackend.figure_format = 'retina'", ""),
            "help is not paged": ("help(len)",
                                  "Help on built-in function len in module builtins:\n\nlen(obj, /)\n"
                                  "    Return the number of items in a container.\n\n"),
            "await": ("import asyncio\nawait asyncio.sleep(0, 7)", "7\n"),
            "asyncio.run": ("asyncio.run(asyncio.sleep(0, 8))", "8\n"),
            "await again": ("await asyncio.sleep(0, 9)", "9\n"),
            "%cd back": ("%cd -q /\n%cd -q -\n%dhist", "Directory history (kept in _dh)\n0: {0}\n1: /\n2: {0}\n"),
            "%cd": ("%cd -q /\nimport os\nos.getcwd()", "'/'\n"),
        }
        for name, (cell, text) in cases.items():
            with self.subTest(name):
                self.assert_shows(text.format(self.directory.name), cell)

    def test_a_question_mark_prints(self):
        outcome = self.run_cells("len?")
        self.assertIn("Return the number of items in a container.", outcome.text)
        self.assertNotIn("\x1b", outcome.text)

    def test_timing(self):
        self.assertRegex(self.run_cells("%timeit -n1 -r1 1").text, r"per loop")
        self.assertRegex(self.run_cells("%%time\n5").text, r"Wall time: .*\n5\n$")

    def test_main_works_for_processes_and_pickles(self):
        pool = "import multiprocessing\nwith multiprocessing.get_context({!r}).Pool(2) as pool:\n" \
               "    print(pool.map(abs, [-1, -2]))"
        cases = {
            "pickle": ("import pickle\nclass P: x = 1\nprint(pickle.loads(pickle.dumps(P())).x)", "1\n"),
            "fork": (pool.format("fork"), "[1, 2]\n"),
            "spawn": (pool.format("spawn"), "[1, 2]\n"),
            "main": ("if __name__ == '__main__': print('main')", "main\n"),
            "subprocess": ("import subprocess, sys\nsubprocess.check_output([sys.executable, '-c', 'print(3)'])",
                           "b'3\\n'\n"),
        }
        for name, (cell, text) in cases.items():
            with self.subTest(name):
                self.assert_shows(text, cell)

    def test_spawn_works_after_reset(self):
        self.assert_shows("None\n", "%reset -f", "print(__spec__)")

    def test_a_forked_child_does_not_go_on_with_the_session(self):
        self.assert_shows("once\n0\n", "import os\nprint('once')\npid = os.fork()\n"
                                       "if pid: print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))")
        self.assert_shows("5\n", "5")


if __name__ == "__main__":
    unittest.main()
