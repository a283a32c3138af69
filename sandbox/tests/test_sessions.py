"""What sessions of one process share, and what not."""

import os
import subprocess
import sys
import tempfile
import textwrap

from harness import SANDBOX, SessionTestCase, Zygote, preloaded


class PreparationTests(SessionTestCase):
    def test_everything_listed_is_installed_and_one_thread_is_left(self):
        self.assertEqual((self.zygote().notes, self.zygote().threads), ([], 1))

    def test_what_is_missing_is_said(self):
        zygote = Zygote(["json", "nosuch", "nosuch.part", "~notwanted"])
        self.addCleanup(zygote.close)
        self.assertEqual(zygote.notes, ["nosuch is not installed", "nosuch.part is not installed"])

    def test_it_works_without_any_package(self):
        zygote = Zygote(["sys"])
        self.addCleanup(zygote.close)
        with tempfile.TemporaryDirectory() as directory:
            session = zygote.open(directory)
            self.addCleanup(session.close)
            self.assertEqual(session.run("64548*15151").text, "977966748\n")

    def test_a_package_that_leaves_a_thread_is_named(self):
        code = "import sys; sys.path[:0] = [{!r}, {!r}]; import harmonium; harmonium.prepare(['threaded'])"
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "threaded.py"), "w") as file:
                # Not Python's: those that are ending are waited for.
                file.write("import _thread, time\n_thread.start_new_thread(time.sleep, (1000,))\n")
            done = subprocess.run([sys.executable, "-c", code.format(str(SANDBOX / "bootstrap"), directory)],
                                  capture_output=True, text=True)
        self.assertEqual(done.stderr.splitlines()[-1],
                         "RuntimeError: threaded: left a thread running, sessions cannot be forked")

    def test_the_list_names_a_package_for_each_module(self):
        texts = [(SANDBOX / name).read_text() for name in ("packages.txt", "packages-extra.txt")]
        for line in "\n".join(texts).splitlines():
            if line and not line.startswith("#"):
                self.assertRegex(line, r"^(-|~?[A-Za-z0-9_.]+)  # (-|[a-z0-9.+-]+)$")
        self.assertIn("numpy", preloaded())


class IsolationTests(SessionTestCase):
    def test_random_numbers_differ(self):
        cases = {
            "random": "import random\nrandom.random()",
            "numpy": "import numpy\nnumpy.random.rand()",
            "sympy": "import sympy.core.random as r\nr.random()",
            "uuid1": "import uuid\nuuid.uuid1().node, uuid.uuid1().clock_seq",
            "uuid4": "uuid.uuid4()",
            "secrets": "import secrets\nsecrets.token_hex(8)",
            "tempfile": "import tempfile\ntempfile.mktemp()",
            "ssl": "import ssl\nssl.RAND_bytes(8)",
        }
        other = self.open()
        for name, cell in cases.items():
            with self.subTest(name):
                self.assertNotEqual(self.session.run(cell).text, other.run(cell).text)

    def test_a_child_with_the_id_of_the_common_origin_is_seeded(self):
        cell = """
            import os, ssl
            from harmonium import entropy
            given, taken = os.pipe()
            ssl.RAND_add = lambda data, bits: os.write(taken, data)
            for is_same in (False, True):
                entropy.getpid = lambda: entropy._ORIGIN if is_same else os.getpid()
                if os.fork() == 0: os._exit(0)
                os.wait()
                os.write(taken, b".")
            print(len(os.read(given, 100)))"""
        # A dot each, and entropy once.
        self.assert_shows(f"{2 + 32}\n", textwrap.dedent(cell).strip())

    def test_sessions_do_not_see_each_other(self):
        other = self.open()
        self.run_cells("x = 5\nimport sys\nsys.marker = 1")
        self.assertEqual(other.run("'x' in globals(), hasattr(__import__('sys'), 'marker')").text, "(False, False)\n")

    def test_it_begins_as_new(self):
        self.assert_shows("2\n", "len(In)")
        self.assert_shows("False\n", "import sys\nhasattr(sys, 'last_value')")
        self.assert_shows("[]\n", "import matplotlib.pyplot as plt\nplt.get_fignums()")
        self.assert_shows("True\n", "import gc\ngc.isenabled()")

    def test_it_works_in_its_directory_with_one_thread(self):
        self.assert_shows(f"{self.directory.name!r}\n", "import os\nos.getcwd()")
        self.assert_shows("1\n", "import numpy\nnumpy.linalg.svd(numpy.ones((200, 200)))\nlen(os.listdir('/proc/self/task'))")

    def test_it_inherits_no_open_file(self):
        # Pipes and sockets are the harness's own.
        self.assert_shows("{'/dev/null'}\n", "import os\nlinks = {os.readlink(f'/proc/self/fd/{n}') for n in range(64)"
                          " if os.path.lexists(f'/proc/self/fd/{n}')}\n{l for l in links if l[0] == '/'}")
