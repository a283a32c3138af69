"""What runs inside the sandboxed interpreter: a notebook's cells, without a notebook.

The embedder calls `prepare` once in the process that is forked for each session, `begin` once in each session, and
`run` for each cell. Nothing here guards anything: a cell can change all of it, and what it can break is its own session.
"""

import gc

_session = None


def prepare(packages: list[str]) -> list[str]:
    """Imports `packages` and warms everything up; returns what was missing, as sentences.

    Raises RuntimeError when something left a thread behind: a forked session would have its locks, but not the thread.
    """
    global _session
    from . import preload  # Before anything else: it settles the environment which the packages read as they load.

    notes = preload.load(packages)
    with preload.scratch_home() as directory:
        from .session import Session

        _session = Session()
        _session.warm_up(directory)
    preload.require_one_thread("the evaluator")
    gc.collect()
    gc.freeze()
    return notes


def begin(data: str) -> None:
    """Makes this process a session of its own, which works and saves its images in the directory `data`."""
    _session.begin(data)


def run(source: str) -> tuple[int, list[tuple[str, bytes]]]:
    """Runs one cell: 0 if it succeeded or 1 if it raised, and the images it showed as (MIME type, bytes).

    Never raises. Everything textual, tracebacks included, goes to descriptor 1.
    """
    return _session.run(source)
