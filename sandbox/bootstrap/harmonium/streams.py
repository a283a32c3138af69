"""The text streams of a session, all of which end in descriptor 1."""

import contextlib
import io
import sys
from os import dup2, set_blocking
from os import write as write_descriptor


class Streams:
    """`sys.stdout` and `sys.stderr` over one buffer, so that their order is exact even within a line."""

    def __init__(self, output: int = 1):
        self._output = output
        self._pipe = None
        self.stdout = self.stderr = self.stdin = None

    def open(self) -> None:
        """Gives `sys` new streams, whatever the last cell did to the old ones; those stay usable for who holds them."""
        with contextlib.suppress(OSError):
            # asyncio makes a pipe that it is given non-blocking, for all processes that share it.
            set_blocking(self._output, True)
        if not self._is_sound():
            self._renew()
        self.stdout = self._text()
        self.stderr = self._text()
        self.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), "utf-8", "replace")
        self._install()

    def forget(self) -> None:
        """Lets go of descriptor 1: the file knows whether it can seek, and that is to become another."""
        self._pipe = None

    @contextlib.contextmanager
    def installed(self):
        """Puts our streams in place for as long as the evaluator itself prints."""
        stdout, stderr = sys.__dict__.get("stdout"), sys.__dict__.get("stderr")
        self.flush()
        if not self._is_sound():
            self.open()
        self._install()
        try:
            yield
        finally:
            sys.stdout, sys.stderr = stdout, stderr

    def write(self, text: str) -> None:
        """Writes `text` after all that was printed; works when nothing in `sys` does any more."""
        data = text.encode("utf-8", "backslashreplace")
        self.flush()
        with contextlib.suppress(OSError):
            set_blocking(self._output, True)
        for descriptor in (self._output, 2):  # Both are the same pipe, unless the cell closed one.
            with contextlib.suppress(OSError):
                while data:
                    data = data[write_descriptor(descriptor, data) :]

    def flush(self) -> None:
        """Flushes what the cell may have put in the place of our streams, then ours."""
        for stream in (sys.__dict__.get("stdout"), sys.__dict__.get("stderr")):
            if stream is not self.stdout and stream is not self.stderr:
                # It is an object of the cell's making: anything can come out of it.
                with contextlib.suppress(Exception):
                    stream.flush()
        try:
            self._pipe.flush()
        except (OSError, ValueError, RuntimeError):
            self._rescue()

    def _install(self) -> None:
        sys.stdout = sys.__stdout__ = self.stdout
        sys.stderr = sys.__stderr__ = self.stderr
        sys.stdin = sys.__stdin__ = self.stdin

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(self._pipe, "utf-8", "backslashreplace", line_buffering=True, write_through=True)

    def _is_sound(self) -> bool:
        try:
            return not self._pipe.raw.closed
        except (AttributeError, ValueError):  # It does not exist yet, or the cell detached it.
            return False

    def _renew(self) -> None:
        with contextlib.suppress(Exception):
            # What is still in the old one belongs to a cell that has ended; closed, it cannot turn up in a later one.
            self._pipe.raw.close()
        with contextlib.suppress(OSError):
            self._pipe = _Pipe(io.FileIO(self._output, "w", closefd=False))

    def _rescue(self) -> None:
        """Brings out what is left in the buffer although the cell closed descriptor 1: 2 is the same pipe."""
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            dup2(2, self._output)
            self._pipe.flush()
            return
        self._renew()


class _Pipe(io.BufferedWriter):
    """A writer that does not close, because all text streams share it: closing one only flushes."""

    def close(self) -> None:
        self.flush()
