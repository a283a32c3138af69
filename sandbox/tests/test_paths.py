"""Where the evaluator lies on the machine is nowhere to be seen."""

from harness import SANDBOX, SessionTestCase

HOME = str(SANDBOX)


class PathTests(SessionTestCase):
    def test_nothing_names_the_machine(self):
        cases = {
            "importing": "import sys\nprint(sys.path, sys.path_importer_cache, sys.argv)",
            "modules": "for m in list(sys.modules.values()): print(vars(m).get('__file__'), vars(m).get('__spec__'))",
            "a stack": "import traceback\ntraceback.print_stack()",
            "frames": "import inspect\nprint([f.filename for f in inspect.stack()])",
            "code": "import gc\nprint({f.__code__.co_filename for f in gc.get_objects() if hasattr(f, '__code__')})",
            "the shell": "ip = get_ipython()\nprint(_dh, vars(ip), vars(ip.history_manager), ip.starting_dir)",
            "the environment": "import os\nprint(os.environ)",
            "a child's": "import subprocess\nprint(subprocess.check_output([sys.executable, '-c', 'import sys; print(sys.path)']))",
            "a warning about a figure": "import matplotlib.pyplot as plt\nplt.title('\\U0010fffe')\nplt.show()",
            "a warning about a value": (
                "import warnings\nclass X:\n    def __repr__(self): warnings.warn('x', stacklevel=2); return 'X'\nX()"),
            "an error": "get_ipython().display_pub.publish(3, 4)",
        }
        for name, cell in cases.items():
            with self.subTest(name):
                self.assertFalse(HOME in self.session.run(cell).text)  # The text is long.

    def test_the_search_would_find_it(self):
        self.assertIn(HOME, self.session.run(f"print({HOME!r})").text)

    def test_warnings_that_blame_us_say_what_they_are_about(self):
        text = self.run_cells("import matplotlib.pyplot as plt\nplt.title('\\U0010fffe')\nplt.show()").text
        self.assertRegex(text, r"^UserWarning: Glyph 1114110 .*missing from current font\.\n\[figure 1 ")

    def test_other_warnings_say_where(self):
        self.assertRegex(self.run_cells("import warnings\nwarnings.warn('careful')").text,
                         r"^<ipython-input-1-\w+>:2: UserWarning: careful\n  warnings\.warn\('careful'\)\n$")
