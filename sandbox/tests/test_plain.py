"""A cell comes to the same whether IPython reads it or not."""

import pathlib
import re
import unittest

from harness import SessionTestCase

# A session's first cell, which leaves no name. A file decides, so that the cell is the same both ways.
_FIRST = '''exec(\"\"\"
import os
from harmonium.plain import Reader
def recorded(*arguments, original=Reader.compile):
    codes = original(*arguments)
    Reader.taken.append(codes is not None)
    return codes
Reader.taken, Reader.compile = [], (lambda *arguments: None) if os.path.exists('.read') else recorded
\"\"\", {})'''
_TAKEN = "from harmonium.plain import Reader\nprint('taken', Reader.taken)"

_PLAIN = {
    "an expression": ["64548*15151", "_", "_1, _2, Out"],
    "statements and an expression": ["0", "x = 5\ny = 6\nx, y", "_i, _ii, In[-1], In[-2]"],
    "a name that ends up unshown": ["x = 5", "None", "_"],
    "`_` of one's own": ["_ = 3", "4", "_"],
    "an error": ["def f():\n    return 1/0\n\nf()", "x"],
    "an error after output": ["print('before')\n1/0\nprint('after')"],
    "an error within a function of another cell": ["def f(n):\n    return [][n]", "f(2)"],
    "a chain of errors": ["try:\n    1/0\nexcept Exception as e:\n    raise ValueError('no') from e"],
    "an error that says where it is": ["import traceback\ntry:\n    1/0\nexcept ZeroDivisionError:\n"
                                       "    line = traceback.extract_stack()[-1].lineno\nline"],
    "the source of a function": ["def f():\n    return 5  # five", "import inspect\nprint(inspect.getsource(f))"],
    "the system's exit": ["import sys\nsys.exit(3)", "5"],
    "a success by the system's exit": ["import sys\nsys.exit(0)"],
    "a debugger": ["import bdb\nraise bdb.BdbQuit"],
    "equal constants of two statements": ["a = 1000\nb = 1000\nprint(a is b)"],
    "a string between statements": ["x = 1\n'abc'\ny = 2", "__doc__"],
    "a hook of one's own": ["import sys\nsys.excepthook = print\nx = sys.excepthook is print\nx"],
    "tracing": ["import sys\ndef show(frame, event, arg):\n    if 'ipython-input' in frame.f_code.co_filename:"
                " print(frame.f_lineno)\nsys.settrace(show)\nx = 1\ny = 2"],
    "a cleared history": ["In.clear()\n5", "6"],
    "a hook of errors": ["import sys\nsys.excepthook = print\nsys.excepthook is print", "1/0"],
    "futures": ["from __future__ import annotations", "def f(x: undefined): pass", "f.__annotations__"],
    "events": ["ip = get_ipython()\nip.events.register('post_run_cell', lambda r: print(r.result, r.success))", "7", "1/0"],
    "the last result": ["8", "r = get_ipython().last_execution_result\nr.result, r.success, r.execution_count"],
    "long names": ["ünï = 1\nünï", "名 = 2\n名 + 1"],
    "a magic's name that is a variable": ["x = [1]\nx.append(2)\nx", "time_ = 5\ntime_"],
    "comments and blank lines": ["# one\n\nx = 1\n\n# two\nx  # three\n\n"],
    "carriage returns": ["x = 1\r\ny = 2\r\nx + y"],
    "a long string": ["'''a\n  b\n% c\n! d\n'''"],
    "a continued line": ["x = (10\n%3)\nx", "1 + \\\n2"],
    "a figure": ["import matplotlib.pyplot as p\np.plot([1, 2])\nNone", "import os\nfor n in os.listdir(): os.remove(n)"],
    "a warning": ["import warnings\nwarnings.warn('careful')"],
    "a call that only looks like a magic": ["print('ls')", "history = 4\nhistory"],
}
_READ = {
    "magics": ["%who", "%%capture out\nprint(1)", "out.stdout"],
    "magics without their sign": ["pwd", "who", "x = 4\nwho"],
    "shell commands": ["!echo a", "a = !echo b\na"],
    "questions": ["?print", "x = 1\nx?"],
    "quiet": ["5;", "x = 7; x;", "x = 7; x"],
    "prompts": [">>> 5\n5", "In [1]: 6", "x = 1\n... \nx"],
    "indents": ["  x = 5\n  x", "\n\n1/0"],
    "exits": ["exit", "quit()", "5"],
    "awaits": ["import asyncio\nawait asyncio.sleep(0, 5)", "async for x in y: pass", "[x async for x in y]"],
    "errors of syntax": ["x = (", "return 5", "if 1:\nx", "print 5", "x = 1\n  y = 2", "nonlocal x"],
    "errors of syntax after output": ["print('before')\nreturn 5"],
    "macros": ["x = 3", "%macro m 2", "m"],
    "other interactivity": ["get_ipython().ast_node_interactivity = 'all'", "1\n2"],
    "transformers of trees": ["import ast\nclass Twice(ast.NodeTransformer):\n"
                              "    def visit_Constant(self, node): return ast.Constant(node.value * 2)\n"
                              "get_ipython().ast_transformers.append(Twice())", "21"],
    "a log of cells": ["%logstart -q log.py", "x = 5\nx", "y = 6", "%logstop", "print(open('log.py').read())"],
    "numbers": ["64548*15151", "_1, Out", "pwd = 1", "7", "sorted(Out), In[1:]", "_4"],
    "emptiness": ["", "In, Out", "```python\n```", "In"],
    "transformers that are replaced": ["ip = get_ipython()\nip.input_transformers_cleanup[0] = "
                                       "lambda lines: [line.replace('two', '2') for line in lines]", "two"],
    "a manager that is replaced": ["ip = get_ipython()\nfrom IPython.core.inputtransformer2 import TransformerManager\n"
                                   "ip.input_transformer_manager = TransformerManager()\n"
                                   "ip.input_transformer_manager.cleanup_transforms.append("
                                   "lambda lines: [line.replace('two', '2') for line in lines])", "two"],
    "a method that is replaced": ["ip = get_ipython()\nold = ip.transform_cell\n"
                                  "ip.transform_cell = lambda cell: old(cell.replace('two', '2'))", "two"],
    "a filter": ["from IPython.core.prefilter import PrefilterTransformer\nip = get_ipython()\n"
                 "class Two(PrefilterTransformer):\n"
                 "    def transform(self, line, continue_prompt): return line.replace('two', '2')\n"
                 "two = Two(shell=ip, prefilter_manager=ip.prefilter_manager, parent=ip)", "two"],
    "events before": ["import ast\nclass Twice(ast.NodeTransformer):\n"
                      "    def visit_Constant(self, node): return ast.Constant(node.value * 2)\n"
                      "ip = get_ipython()\n"
                      "ip.events.register('pre_run_cell', lambda info: ip.ast_transformers.append(Twice()))", "21"],
    "transformers of lines": ["get_ipython().input_transformers_post.append("
                              "lambda lines: [line.replace('one', '1') for line in lines])", "one + one"],
    "transformers of input": ["get_ipython().input_transformers_cleanup.append("
                              "lambda lines: [line.replace('two', '2') for line in lines])", "two"],
}


class PlainTests(SessionTestCase):
    def outcomes(self, cells: list[str], reads_all: bool = False) -> tuple[list, str]:
        """What `cells` come to, and which of them were plain."""
        mark = pathlib.Path(self.directory.name, ".read")
        mark.touch() if reads_all else mark.unlink(missing_ok=True)
        session = self.open()
        session.run(_FIRST)
        outcomes = [session.run(cell) for cell in cells]
        taken = session.run(_TAKEN).text.partition("taken ")[2].partition("\n")[0]
        # Some releases of IPython give the code they have read a name of its own.
        texts = [re.sub(r"<cell line: \d+>\(\)", "<module>", done.text) for done in outcomes]
        return [(done.status, text, len(done.images)) for done, text in zip(outcomes, texts)], taken

    def test_both_ways_come_to_the_same(self):
        for name, cells in (_PLAIN | _READ).items():
            with self.subTest(name):
                ours, _ = self.outcomes(cells)
                theirs, _ = self.outcomes(cells, reads_all=True)
                self.assertEqual(ours, theirs)

    def test_plain_cells_are_not_read(self):
        for name, cells in _PLAIN.items():
            with self.subTest(name):
                self.assertEqual(self.outcomes(cells)[1], str([True] * (len(cells) + 1)))

    def test_a_syntax_that_warns_does_it_once(self):
        outcome = self.run_cells("x = 1\nx is 1")
        warning = r"""<ipython-input-1-\w+>:2: SyntaxWarning: "is" with '?\w*'? ?literal.*\n  x is 1\nTrue\n"""
        self.assertRegex(outcome.text, rf"\A{warning}\Z")


if __name__ == "__main__":
    unittest.main()
