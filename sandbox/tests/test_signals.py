"""Interrupts, time-outs of the cell's own, and what is left of them."""

from harness import SessionTestCase


class SignalTests(SessionTestCase):
    def test_an_interrupted_cell_ends_and_keeps_the_state(self):
        wait = "import asyncio\nasync def wait():\n    future = asyncio.get_running_loop().create_future()\n" \
               "    print('go')\n    await future\n"
        cases = {
            "a loop": "print('go')\nwhile True: pass",
            "a sleep": "import time\nprint('go')\ntime.sleep(1000)",
            "a thread": "import threading\nprint('go')\nthreading.Event().wait()",
            "an await": wait + "await wait()",
            "asyncio.run": wait + "asyncio.run(wait())",
            "a command": "!echo go; sleep 1000",
            "a captured command": "import subprocess\nsubprocess.run(['sh', '-c', 'echo go; sleep 1000'])",
            "a representation": "class X:\n    def __repr__(self):\n        print('go')\n        while True: pass\nX()",
        }
        self.run_cells("x = 5")
        for name, cell in cases.items():
            with self.subTest(name):
                outcome = self.session.run(cell, interrupt_at=b"go\n")
                self.assertEqual(outcome.status, 1)
                self.assertRegex(outcome.text, r"(?s)^go\n.*KeyboardInterrupt:? ?\n$")
                if name != "asyncio.run":  # It makes two exceptions of an interrupt, or one, depending on when it hits.
                    self.assertEqual(outcome.text.count("Traceback (most recent call last)"), 1, outcome.text)
                self.assertNotIn("harmonium/", outcome.text)
                self.assert_shows("5\n", "x")

    def test_an_interrupted_await_does_not_go_on(self):
        self.session.run("import asyncio\nprint('go')\nawait asyncio.sleep(0.01 if 0 else 1000)\nprint('late')", b"go\n")
        self.assert_shows("[]\n", "[t for t in asyncio.all_tasks() if t is not asyncio.current_task()]\n"
                                  "print(await asyncio.sleep(0, []))")

    def test_a_handler_of_the_cells_own(self):
        handler = "import signal, time\ndone = []\nsignal.signal(signal.SIGINT, lambda *a: done.append(1))\n" \
                  "print('go')\nwhile not done: pass\nprint('handled')"
        outcome = self.session.run(handler, interrupt_at=b"go\n")
        self.assertEqual((outcome.status, outcome.text), (0, "go\nhandled\n"))
        self.assert_shows("True\n", "signal.getsignal(signal.SIGINT) is signal.default_int_handler")

    def test_what_a_cell_has_left_does_not_hit_the_next(self):
        cases = {
            "SIGINT ignored": "signal.signal(signal.SIGINT, signal.SIG_IGN)",
            "SIGINT blocked": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65));",
            "SIGINT waiting": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nos.kill(os.getpid(), signal.SIGINT)",
            "SIGALRM waiting": "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nos.kill(os.getpid(), signal.SIGALRM)",
            "an alarm": "signal.signal(signal.SIGALRM, signal.SIG_DFL)\nsignal.alarm(1000);",
            "a fast timer": "def f(*a): raise TimeoutError\nsignal.signal(signal.SIGALRM, f)\n"
                            "signal.setitimer(signal.ITIMER_REAL, 1e-3, 1e-3);",
        }
        for name, cell in cases.items():
            with self.subTest(name):
                self.run_cells("import os, signal, time\n" + cell)
                self.assert_shows("(0, set())\n", "signal.alarm(0), signal.pthread_sigmask(signal.SIG_BLOCK, [])")
                self.assertEqual(self.session.run("print('go')\nwhile True: pass", b"go\n").status, 1)

    def test_a_broken_pipe_is_an_exception(self):
        self.assert_raises("BrokenPipeError: [Errno 32] Broken pipe",
                           "import os\nr, w = os.pipe()\nos.close(r)\nos.write(w, b'x')")
