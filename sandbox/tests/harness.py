"""Drives the package as the embedder does: one process that is prepared once, and a fork of it for each session."""

import os
import pathlib
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

SANDBOX = pathlib.Path(__file__).resolve().parent.parent
SECONDS_MAX = 30

_ZYGOTE = r"""
import os, pickle, signal, socket, struct, sys
sys.path.insert(0, sys.argv[2])
import harmonium

wire = socket.socket(fileno=int(sys.argv[1]))
names = sys.argv[3].split(",")
sys.argv = [""]  # As it is where Python is embedded.
notes = harmonium.prepare(names)
threads = len(os.listdir("/proc/self/task"))
wire.sendall(pickle.dumps((notes, threads)).ljust(4096, b"\0"))

def send(connection, value):
    data = pickle.dumps(value)
    connection.sendall(struct.pack("<I", len(data)) + data)

def receive(connection):
    header = connection.recv(4, socket.MSG_WAITALL)
    return pickle.loads(connection.recv(struct.unpack("<I", header)[0], socket.MSG_WAITALL)) if header else None

def session(connection, output, directory):
    nothing = os.open("/dev/null", os.O_RDWR)
    def restore():
        for target, source in ((0, nothing), (1, output), (2, output)):
            os.dup2(source, target)
    restore()
    harmonium.begin(directory)
    while (source := receive(connection)) is not None:
        restore()
        send(connection, harmonium.run(source))
    os._exit(0)

while True:
    data, descriptors, _, _ = socket.recv_fds(wire, 4096, 2)
    if not data:
        os._exit(0)
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        wire.close()
        session(socket.socket(fileno=descriptors[0]), descriptors[1], data.decode())
    for descriptor in descriptors:
        os.close(descriptor)
    wire.sendall(struct.pack("<I", pid))
"""


class Zygote:
    """A prepared process. `packages` are imported into it."""

    def __init__(self, packages: list[str]):
        ours, theirs = socket.socketpair()
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": "/tmp",
            "LC_ALL": "C.UTF-8",
            "MPLBACKEND": "agg",
            "PIP_NO_INDEX": "1",
            "PLOTLY_RENDERER": "iframe",
        }
        arguments = [str(theirs.fileno()), str(SANDBOX / "bootstrap"), ",".join(packages)]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _ZYGOTE, *arguments], pass_fds=[theirs.fileno()], env=environment, cwd="/"
        )
        theirs.close()
        self._wire = ours
        self.notes, self.threads = pickle.loads(ours.recv(4096, socket.MSG_WAITALL))

    def open(self, directory: str) -> "Session":
        ours, theirs = socket.socketpair()
        reader, writer = os.pipe()
        socket.send_fds(self._wire, [directory.encode()], [theirs.fileno(), writer])
        (pid,) = struct.unpack("<I", self._wire.recv(4, socket.MSG_WAITALL))
        theirs.close()
        os.close(writer)
        return Session(pid, ours, reader)

    def close(self) -> None:
        self._wire.close()
        self._process.wait()


class Lost(Exception):
    """The session's process has ended, or did not answer in time."""


class Outcome:
    """What a cell came to: its status, everything that was written, and its images."""

    def __init__(self, status: int, output: bytes, images: list):
        self.status = status
        self.output = output
        self.text = output.decode("utf-8", "replace")
        self.images = images


class Session:
    """A forked process that runs cells."""

    def __init__(self, pid: int, connection: socket.socket, output: int):
        self.pid = pid
        self._connection = connection
        self._output = output

    def run(self, source: str, interrupt_at: bytes | None = None) -> Outcome:
        """Runs a cell; sends SIGINT to its process group once its output holds `interrupt_at`."""
        data = pickle.dumps(source)
        self._connection.sendall(struct.pack("<I", len(data)) + data)
        output = b""
        while True:
            ready, _, _ = select.select([self._connection, self._output], [], [], SECONDS_MAX)
            if not ready:
                raise Lost(f"no answer, after {output!r}")
            if self._output in ready:
                output += os.read(self._output, 1 << 20)
                if interrupt_at is not None and interrupt_at in output:
                    interrupt_at = None
                    os.killpg(self.pid, signal.SIGINT)
                if len(ready) == 1:
                    continue
            if self._connection in ready:
                break
        status, images = self._receive(output)
        return Outcome(status, output + self._rest(), images)

    def read(self, count: int) -> bytes:
        """Waits for `count` bytes that are written between cells."""
        output = b""
        while len(output) < count:
            output += os.read(self._output, count - len(output))
        return output

    def close(self) -> None:
        self._connection.close()
        os.close(self._output)
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def _receive(self, output: bytes):
        header = self._connection.recv(4, socket.MSG_WAITALL)
        if not header:
            raise Lost(f"the process has ended, after {output!r}")
        return pickle.loads(self._connection.recv(struct.unpack("<I", header)[0], socket.MSG_WAITALL))

    def _rest(self) -> bytes:
        output = b""
        while select.select([self._output], [], [], 0)[0]:
            chunk = os.read(self._output, 1 << 20)
            if not chunk:
                break
            output += chunk
        return output


class SessionTestCase(unittest.TestCase):
    """Gives every test a session of its own, forked from one process for all tests."""

    _zygote = None

    @classmethod
    def zygote(cls) -> Zygote:
        if SessionTestCase._zygote is None:
            SessionTestCase._zygote = Zygote(preloaded())
            unittest.addModuleCleanup(_close_zygote)
        return SessionTestCase._zygote

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.session = self.open()

    def open(self) -> Session:
        session = self.zygote().open(self.directory.name)
        self.addCleanup(session.close)
        return session

    def run_cells(self, *cells: str) -> Outcome:
        """Runs `cells` in order and returns what the last one came to."""
        for cell in cells:
            outcome = self.session.run(cell)
        return outcome

    def assert_shows(self, text: str, *cells: str, status: int = 0) -> None:
        """The last of `cells` writes exactly `text`."""
        outcome = self.run_cells(*cells)
        self.assertEqual((outcome.status, outcome.text), (status, text))

    def assert_raises(self, last_line: str, *cells: str) -> Outcome:
        """The last of `cells` ends with a traceback whose last line is `last_line`, and without colors."""
        outcome = self.run_cells(*cells)
        self.assertEqual((outcome.status, outcome.text.rstrip("\n").rpartition("\n")[2]), (1, last_line), outcome.text)
        self.assertNotIn("\x1b", outcome.text)
        return outcome


def preloaded() -> list[str]:
    """The first column of the list that the embedder reads too."""
    lines = (SANDBOX / "packages.txt").read_text().splitlines()
    return [name for line in lines if (name := line.partition("#")[0].strip())]


def _close_zygote() -> None:
    SessionTestCase._zygote.close()
    SessionTestCase._zygote = None
