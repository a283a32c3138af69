"""Where output goes, in which order, and what a cell can do to it."""

from harness import SessionTestCase


class StreamTests(SessionTestCase):
    def test_output(self):
        cases = {
            "both streams within a line": (
                "import sys\nprint('a', end='')\nsys.stderr.write('b')\nprint('c', end='')\nsys.stderr.write('d\\n');",
                "abcd\n"),
            "bytes": ("sys.stdout.buffer.write('€\\n'.encode());", "€\n"),
            "bytes between text": ("print('a', end='')\nsys.stdout.buffer.write(b'b')\nprint('c')", "abc\n"),
            "a lone surrogate": ("print('\\ud800')", "\\ud800\n"),
            "control characters": ("print('a\\0b\\x07')", "a\0b\x07\n"),
            "the originals": ("print(5, file=sys.__stdout__)\nprint(6, file=sys.__stderr__)", "5\n6\n"),
            "no terminal": ("sys.stdout.isatty(), sys.stdout.fileno(), sys.stderr.fileno()", "(False, 1, 1)\n"),
            "encoding": ("sys.stdout.encoding, sys.stdout.errors", "('utf-8', 'backslashreplace')\n"),
            "nothing to read": ("sys.stdin.read()", "''\n"),
            "a redirected cell": (
                "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as f: print(5)\nf.getvalue()",
                "'5\\n'\n"),
            "C's own output": ("import ctypes\nctypes.CDLL(None).printf(b'from C');", "from C"),
            "without a newline": ("print('x', end='')", "x"),
        }
        for name, (cell, text) in cases.items():
            with self.subTest(name):
                self.assert_shows(text, cell)

    def test_invalid_bytes_are_passed_on(self):
        outcome = self.run_cells("import sys\nsys.stdout.buffer.write(b'\\xff\\xfe ok \\xc3(');")
        self.assertEqual(outcome.output, b"\xff\xfe ok \xc3(")

    def test_a_traceback_comes_out_whatever_happened_to_the_streams(self):
        cases = {
            "replaced": "sys.stdout = None\nsys.stderr = object()",
            "deleted": "del sys.stdout, sys.stderr, sys.__stdout__",
            "closed": "sys.stdout.close()\nsys.stderr.close()",
            "detached": "sys.stdout.detach().detach()",
            "closed below": "sys.stdout.buffer.raw.close()",
            "descriptor 1 closed": "import os\nos.close(1)",
            "hooks replaced": "sys.excepthook = lambda *a: 0\nsys.displayhook = None",
            "non-blocking": "import os\nos.set_blocking(1, False)",
            "fails to flush": "class S:\n    def flush(self): 1/0\nsys.stdout = S()",
        }
        for name, cell in cases.items():
            with self.subTest(name):
                self.assert_raises("ZeroDivisionError: division by zero", f"import sys\n{cell}\n1/0")
                self.assert_shows("5\n", "print(5)")
                self.assert_shows("6\n", "6")

    def test_text_is_not_lost_when_its_stream_is(self):
        cases = {
            "replaced": "print('kept', end=''); sys.stdout = None",
            "closed": "print('kept', end=''); sys.stdout.close()",
            "descriptor 1 closed": "import os; print('kept', end=''); os.close(1)",
            "buffered elsewhere": "import io; sys.stdout = io.open(1, 'w', closefd=False); print('kept', end='')",
        }
        for name, cell in cases.items():
            with self.subTest(name):
                self.assert_shows("kept", "import sys; " + cell)
                self.assert_shows("next\n", "print('next')")

    def test_old_streams_stay_usable(self):
        self.assert_shows("old new\n", "import sys\nold = sys.stdout", "print('old', end=' ', file=old)\nprint('new')")
        self.assert_shows("WARNING:root:a\n", "import logging\nlogging.basicConfig()", "logging.warning('a')")

    def test_a_thread_goes_on_printing_between_cells(self):
        self.assert_shows("", "import os, threading\nreader, writer = os.pipe()\n"
                              "def late():\n    os.read(reader, 1)\n    print('late', end='', flush=True)\n"
                              "threading.Thread(target=late).start()")
        # The cell has ended once its outcome is here; the descriptor below lets the thread go on only then.
        with open(f"/proc/{self.session.pid}/fd/{self.run_cells('writer').text.strip()}", "wb") as writer:
            writer.write(b"x")
        self.assertEqual(self.session.read(4), b"late")
        self.assert_shows("5\n", "5")

    def test_a_forked_child_does_not_repeat_what_was_printed(self):
        self.assert_shows("once", "import os\nprint('once', end='')\nif os.fork() == 0: os._exit(0)\nos.wait();")

    def test_ten_thousand_lines_arrive(self):
        expected = "".join(f"{number}\n" for number in range(10000))
        self.assert_shows(expected, "for i in range(10000): print(i)")
