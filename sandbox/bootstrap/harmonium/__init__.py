"""What runs inside the sandboxed interpreter: a notebook's cells, without a notebook.

The embedder calls `prepare` once in the process that is forked for each session, `begin` once in each session, and
`run` for each cell. Nothing here guards anything: a cell can change all of it, and what it can break is its own session.
"""

import gc
import os
import sys

_session = None


def prepare(packages: list[str]) -> list[str]:
    """Imports `packages` and warms everything up; returns what was missing, as sentences.

    Raises RuntimeError when a thread is left: a forked session would have its locks, but not the thread.
    """
    global _session
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()  # They are replaced.
    os.chdir("/")  # Some remember where they were loaded.
    from . import preload  # Before anything else: it settles the environment which the packages read as they load.

    notes = preload.load(packages)
    with preload.scratch_home() as directory:
        from . import paths
        from .session import Session

        paths.forget()
        _session = Session(packages)
        _session.warm_up(directory)
    preload.require_one_thread("the evaluator")
    gc.collect()
    gc.freeze()
    return notes


def touch() -> None:
    """Runs a cell that shows nothing and leaves nothing, so that the first one that counts is quick; before `begin`."""
    _session.touch()


def begin(data: str) -> None:
    """Makes this process a session of its own, which works and saves its images in the directory `data`.

    Expects an environment with HOME, PATH, LC_ALL=C.UTF-8, MPLBACKEND=agg (for processes that cells start; and not
    another one), PIP_NO_INDEX where no package index can be reached, and perhaps MPLCONFIGDIR, and descriptors 0, 1
    and 2 in place. `prepare` has set OPENBLAS_NUM_THREADS and its like to 1; an environment that replaces
    this one keeps them. SIGINT is ignored except while a cell runs.
    """
    _session.begin(data)


def run(source: str) -> tuple[int, list[tuple[str, bytes]]]:
    """Runs one cell: 0 if it succeeded or 1 if it raised, and the images it showed as (MIME type, bytes).

    Never raises. Everything textual, tracebacks included, goes to descriptor 1.
    """
    return _session.run(source)
