"""Which frames of a traceback concern the author of a cell."""

import os
from types import TracebackType

import IPython

_INTERNAL = tuple(os.path.dirname(file) + os.sep for file in (__file__, IPython.__file__))


def without_internals(trace: TracebackType | None) -> TracebackType | None:
    """Returns `trace` without the frames of the evaluator, or as it is when it has no others."""
    shown = None
    for frame in reversed(list(_frames(trace))):
        if not frame.tb_frame.f_code.co_filename.startswith(_INTERNAL):
            shown = TracebackType(shown, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return shown or trace


def _frames(trace):
    while trace:
        yield trace
        trace = trace.tb_next
