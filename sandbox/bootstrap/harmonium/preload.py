"""Imports packages into the process that all sessions are forked from."""

import contextlib
import importlib
import os
import sys
import tempfile
import threading

# Thread pools do not survive a fork, and a library that believes in its pool waits for it for ever.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def load(names: list[str]) -> list[str]:
    """Imports each module of `names`, except `-` and those that begin with `~`, which are installed and no more.

    Returns a sentence for each that could not be imported.
    """
    for variable in _ONE_THREAD:
        os.environ[variable] = "1"
    with scratch_home():
        notes = [note for name in names if not name.startswith(("~", "-")) and (note := _load(name))]
    if pandas := sys.modules.get("pandas"):
        pandas.set_option("display.max_columns", 20)  # As in a notebook. It takes us for a terminal.
    return notes


@contextlib.contextmanager
def scratch_home():
    """Lends a directory to libraries that insist on writing caches, and takes it away again."""
    places = ("MPLCONFIGDIR", "IPYTHONDIR")
    before = {place: os.environ.get(place) for place in places}
    with tempfile.TemporaryDirectory(prefix="harmonium-") as directory:
        os.environ.update(dict.fromkeys(places, directory))
        try:
            yield directory
        finally:
            for place, value in before.items():
                os.environ.pop(place) if value is None else os.environ.__setitem__(place, value)


def require_one_thread(culprit: str) -> None:
    """Raises RuntimeError if threads are left, after those that are ending have had time to."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(timeout=5)
    if len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError(f"{culprit}: left a thread running, sessions cannot be forked")


def _load(name: str) -> str | None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name + ".").startswith(error.name + "."):
            return f"{name} is not installed"
        return f"{name} could not be imported: {error}"
    except Exception as error:
        return f"{name} could not be imported: {type(error).__name__}: {error}"
    require_one_thread(name)
    return None
