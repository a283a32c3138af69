"""How a cell fails, and that the next one works."""

from harness import SessionTestCase

RULE = "-" * 75


class ErrorTests(SessionTestCase):
    def test_traceback(self):
        outcome = self.assert_raises("ZeroDivisionError: division by zero", "def f(n):\n    return 1/n\nf(0)")
        # The brackets have a space before them in some releases of IPython.
        text = outcome.text.replace("Cell In [", "Cell In[")
        self.assertEqual(text, "\n".join([
            RULE,
            "ZeroDivisionError                         Traceback (most recent call last)",
            "Cell In[1], line 3",
            "      1 def f(n):",
            "      2     return 1/n",
            "----> 3 f(0)",
            "",
            "Cell In[1], line 2, in f(n)",
            "      1 def f(n):",
            "----> 2     return 1/n",
            "",
            "ZeroDivisionError: division by zero",
            "",
        ]))

    def test_last_line(self):
        cases = {
            "an exception of the cell's": ("class E(Exception): pass\nraise E('no')", "E: no"),
            "a name": ("nosuch", "NameError: name 'nosuch' is not defined"),
            "recursion": ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded"),
            "input": ("input('name? ')", "EOFError: input has no person to ask here: put the value into the code"),
            "getpass": ("import getpass\ngetpass.getpass()",
                        "EOFError: input has no person to ask here: put the value into the code"),
            "a debugger": ("breakpoint()\nprint(1)",
                           "BdbQuit: a debugger cannot be used here, for it gets no commands."),
            "a debugger of pdb's": ("import pdb\npdb.set_trace()\nprint(1)",
                                    "BdbQuit: a debugger cannot be used here, for it gets no commands."),
            "a representation": ("class X:\n    def __repr__(self): raise ValueError('no')\nX()", "ValueError: no"),
            "a KeyboardInterrupt of the cell's": ("raise KeyboardInterrupt", "KeyboardInterrupt: "),
            "a magic": ("%nosuch", "UsageError: Line magic function `%nosuch` not found."),
            "null bytes": ("a\0b", "SyntaxError: source code cannot contain null bytes"),
            "a lone surrogate": ("a = '\ud800'", "SyntaxError: source code cannot contain the lone surrogate '\\ud800'"),
            "a figure": ("import matplotlib.pyplot as p\np.title('$x^{2$')", None),
            "memory": ("raise MemoryError", "MemoryError: "),
            "out of a generator": ("raise GeneratorExit", "GeneratorExit: "),
        }
        for name, (cell, line) in cases.items():
            with self.subTest(name):
                if line is None:
                    self.assertEqual(self.session.run(cell).status, 1)
                else:
                    self.assert_raises(line, cell)
                self.assert_shows("5\n", "5")

    def test_of_many_frames_the_first_and_the_last_are_shown(self):
        deep = r'exec("".join(f"def f{i}(): f{i + 1}()\n" for i in range(500)) + "def f500(): 1/0\nf0()")'
        text = self.assert_raises("ZeroDivisionError: division by zero", deep).text
        self.assertRegex(text, r"(?s)Cell In.*, in f7\(\)\n\n +\[\.\.\. 483 frames left out \.\.\.\]\n\n.*, in f491\(\).*f500\(\)")
        self.assertLess(text.count("\n"), 60)
        short = r'exec("".join(f"def f{i}(): f{i + 1}()\n" for i in range(9)) + "def f9(): 1/0\nf0()")'
        self.assertNotIn("left out", self.session.run(short).text)
        text = self.session.run(f"try:\n    {deep}\nexcept Exception as e:\n    raise ValueError('x') from e").text
        self.assertRegex(text, r"(?s)frames left out.*direct cause of.*ValueError: x\n$")

    def test_a_value_that_cannot_be_shown_is_one_line(self):
        cell = "a = []\nfor _ in range(5000): a = [a]\na"
        self.assert_shows("RecursionError: maximum recursion depth exceeded while calling a Python object\n", cell, status=1)

    def test_errors_that_a_magic_shows_count(self):
        self.assert_raises("ZeroDivisionError: division by zero", "%%time\n1/0")
        self.assertEqual(self.run_cells("%tb").status, 0)

    def test_there_are_no_colors(self):
        self.assert_raises("ZeroDivisionError: division by zero", "%colors Linux", "1/0")

    def test_syntax_errors(self):
        cases = {"open": "x = (", "indentation": "if 1:\npass", "nonsense": "a b", "nested": "(" * 1000,
                 "return": "return 5", "deep": "1+" * 10000 + "1"}
        for name, cell in cases.items():
            with self.subTest(name):
                outcome = self.session.run(cell)
                self.assertEqual(outcome.status, 1)
                self.assertRegex(outcome.text, r"(SyntaxError|IndentationError|MemoryError|RecursionError"
                                               r"|_IncompleteInputError): ")
                self.assertNotIn("harmonium", outcome.text)
                self.assert_shows("5\n", "5")

    def test_frames_of_the_evaluator_are_hidden(self):
        for cell in ("input()", "%run nosuch.py", "display(5, include=3)", "1/0", "await nosuch()", "%timeit 1/0"):
            with self.subTest(cell):
                self.assertNotIn("harmonium/", self.session.run(cell).text)
        self.assertNotIn("IPython/", self.session.run("%timeit 1/0").text)

    def test_exit_ends_the_cell_only(self):
        kept = "The cell has ended; the session and its variables go on.\n"
        cases = {
            "exit": ("exit", 0, "SystemExit\n"),
            "exit()": ("exit()", 0, "SystemExit\n"),
            "quit()": ("quit()", 0, "SystemExit\n"),
            "exit(0)": ("exit(0)", 0, "SystemExit: 0\n"),
            "exit(3)": ("exit(3)", 1, "SystemExit: 3\n"),
            "sys.exit(3)": ("import sys\nsys.exit(3)", 1, "SystemExit: 3\n"),
            "a message": ("raise SystemExit('real')", 1, "SystemExit: real\n"),
        }
        self.run_cells("x = 5")
        for name, (cell, status, text) in cases.items():
            with self.subTest(name):
                self.assert_shows(text + kept, cell, status=status)
                self.assert_shows("5\n", "x")

    def test_exceptions_elsewhere(self):
        outcome = self.run_cells("import threading\nt = threading.Thread(target=lambda: 1/0)\nt.start(); t.join()\n'ok'")
        self.assertEqual(outcome.status, 0)
        self.assertRegex(outcome.text, r"(?s)^Exception in thread .*ZeroDivisionError: division by zero\n'ok'\n$")
        self.assert_shows("'ok'\n", "import sys\nt = threading.Thread(target=sys.exit)\nt.start(); t.join()\n'ok'")

    def test_what_a_cell_replaces_is_back_in_the_next(self):
        cases = {
            "builtins": "import builtins\nbuiltins.compile = builtins.repr = lambda *a, **k: '1/0'; 5",
            "all builtins": "import builtins\nfor n in list(vars(builtins)):\n    if n[0] != '_': delattr(builtins, n)",
            "importing": "import builtins\ndel builtins.__import__",
            "ast": "import ast\nast.parse = ast.walk = None",
            "displayhook": "import sys\nsys.displayhook = None\n5",
            "excepthook": "import sys\nsys.excepthook = None\n1/0",
            "main": "import sys\ndel sys.modules['__main__']",
            "input": "import builtins\nbuiltins.input = lambda *a: 5",
            "recursion": "import sys\nsys.setrecursionlimit(60)\n1/0",
            "trace": "import sys\nsys.settrace(lambda *a: 1/0)\n(lambda: 5)()",
        }
        for name, cell in cases.items():
            with self.subTest(name):
                self.session = self.open()
                self.run_cells(cell)
                self.assert_shows("5\nTrue\n", "import sys\nprint(5)\n'__main__' in sys.modules")
                self.assert_raises("EOFError: input has no person to ask here: put the value into the code", "input()")
                self.assert_raises("ZeroDivisionError: division by zero", "1/0")

    def test_warnings_are_shown(self):
        self.assertRegex(self.run_cells("import warnings\nwarnings.warn('careful')").text, "UserWarning: careful\n")
        self.assert_shows("WARNING:root:careful\n", "import logging\nlogging.warning('careful')")
