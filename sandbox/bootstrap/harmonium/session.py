"""One interpreter's session, from its preparation to its cells."""

import contextlib
import ctypes
import gc
import os
import re
import sys
import traceback
from os import _exit, getpid

from . import entropy, figures, signals
from .images import Images
from .packages import Packages
from .shell import Shell
from .streams import Streams

# Models wrap code in a Markdown fence, which no Python begins with.
_FENCE = re.compile(r"\s*```(?:python3?|py|ipython3?)?[ \t]*\n(.*?)\n?[ \t]*```\s*", re.DOTALL | re.IGNORECASE)

# Cells that load what is imported, built or cached at first use. They must not leave descriptors, threads or files.
_WARM_UP = (
    "64548*15151",
    "print('text'); import sys; print('text', file=sys.stderr)",
    "1/0",
    "x = (",
    "def f(n):\n    return [n, {'key': (n, 1.5)}][n]\nf(2)",
    "%time 1",
    "!true",
    "class Shown:\n    def _repr_png_(self): return b'png'\nShown()",
)
# What every session does first. Python rewrites code that has run some times into a quicker form; done before the fork,
# its pages stay shared.
_REHEARSALS = 20
_REHEARSED = "64548*15151"
_WARM_UP_PACKAGES = {
    "numpy": "import numpy; numpy.linalg.inv(numpy.eye(2))",
    "pandas": "import pandas; pandas.DataFrame({'a': [1, 2], 'b': ['x', 'y']})",
    "sympy": "import sympy; sympy.solve(sympy.Symbol('x')**2 - 2)",
    "matplotlib.pyplot": "import matplotlib.pyplot as p; p.plot([1, 2], label='l'); p.title('t'); p.legend()",
    "PIL.Image": "import PIL.Image; PIL.Image.new('RGB', (1, 1))",
}


class Session:
    """Holds the evaluator and everything that outlives a cell."""

    def __init__(self, packages: list[str]):
        # Competition mathematics prints numbers of many thousand digits; the time limit is what ends those of too many.
        sys.set_int_max_str_digits(0)
        self._images = Images()
        self._streams = Streams()
        self._streams.open()
        self._shell = Shell.instance(self._streams, self._images, Packages(packages))
        self._flush_c = ctypes.CDLL(None).fflush
        figures.attach()

    def begin(self, data: str) -> None:
        """Makes a forked process a session; `data` becomes its working directory."""
        os.chdir(data)
        self._shell.history_manager.dir_hist[:] = [data]
        self._images.directory = data
        if "" not in sys.path:
            sys.path.insert(0, "")  # A notebook imports modules from its working directory.
        gc.enable()
        os.register_at_fork(before=self._streams.flush, after_in_child=entropy.reseed_openssl)
        self._renew()

    def _renew(self) -> None:
        """Parts from what the processes of all sessions would share."""
        entropy.reseed()
        self._streams.forget()
        self._streams.open()
        signals.begin()

    def touch(self) -> None:
        """Runs a cell without showing its output, and forgets it.

        A forked process copies each page when it first touches it; this can happen before anybody waits for a cell.
        """
        with _silence():
            self._streams.forget()
            self.run(_REHEARSED)
        self._shell.forget_cells()

    def warm_up(self, directory: str) -> None:
        """Runs cells that load what is made at first use, without showing output, and forgets that it did."""
        self._images.directory = directory
        warm_packages = [cell for name, cell in _WARM_UP_PACKAGES.items() if name in sys.modules]
        with _silence():
            for cell in (*_WARM_UP, *warm_packages):
                self.run(cell)
            for _ in range(_REHEARSALS):
                self._renew()
                self.run(_REHEARSED)
        self._shell.forget()
        self._images.forget()
        figures.forget()

    def run(self, source: str) -> tuple[int, list[tuple[str, bytes]]]:
        """Runs a cell; never raises."""
        try:
            succeeded = self._run(source)
        except BaseException as error:
            succeeded = False
            self._report(error)
        return (0 if succeeded else 1), self._images.take()

    def _run(self, source: str) -> bool:
        process = getpid()
        succeeded = False
        self._shell.originals.restore()
        self._streams.open()
        try:
            signals.arm()
            succeeded = self._evaluate(source)
        finally:
            signals.disarm()
            self._finish(process, succeeded)
        return succeeded

    def _evaluate(self, source: str) -> bool:
        if fenced := source.lstrip().startswith("```") and _FENCE.fullmatch(source):
            source = fenced[1]
        if problem := _problem(source):
            self._streams.write(f"SyntaxError: {problem}\n")
            return False
        return self._shell.evaluate(source)

    def _finish(self, process: int, succeeded: bool) -> None:
        self._streams.flush()
        self._flush_c(None)
        if getpid() != process:
            # The cell forked, and this is the child: only the parent may go on with the session.
            _exit(0 if succeeded else 1)

    def _report(self, error: BaseException) -> None:
        """The last resort, when the evaluator could not tell of `error` itself."""
        try:
            self._streams.write("".join(traceback.format_exception_only(error)))
        except BaseException:
            try:
                self._streams.write("The cell failed, and its error cannot be shown.\n")
            except BaseException:
                pass


@contextlib.contextmanager
def _silence():
    """Points the descriptors of output to nowhere."""
    with open(os.devnull, "wb") as nowhere:
        kept = [(descriptor, os.dup(descriptor)) for descriptor in (1, 2)]
        for descriptor, _ in kept:
            os.dup2(nowhere.fileno(), descriptor)
        try:
            yield
        finally:
            for descriptor, copy in kept:
                os.dup2(copy, descriptor)
                os.close(copy)


def _problem(source: str) -> str | None:
    """What keeps `source` from being the text of a program at all."""
    if "\0" in source:
        return "source code cannot contain null bytes"
    try:
        source.encode()
    except UnicodeEncodeError as error:
        return f"source code cannot contain the lone surrogate {source[error.start]!a}"
    return None
