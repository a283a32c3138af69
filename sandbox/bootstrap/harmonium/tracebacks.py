"""What a traceback shows: frames that concern the author of a cell, and not too many of them."""

from types import TracebackType

from IPython.core.ultratb import AutoFormattedTB

from .paths import INTERNAL

# Where errors start, and where they end.
_FIRST = _LAST = 10


def without_internals(trace: TracebackType | None) -> TracebackType | None:
    """Returns `trace` without the frames of the evaluator; None when it has no others."""
    shown = None
    for frame in reversed(list(_frames(trace))):
        if not frame.tb_frame.f_code.co_filename.startswith(INTERNAL):
            shown = TracebackType(shown, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return shown


class Formatter(AutoFormattedTB):
    """Formats errors as IPython does, but of many frames only the first and the last."""

    def format_exception_as_a_whole(self, *arguments):
        (lines,) = super().format_exception_as_a_whole(*arguments)
        # Its head, each frame, and the exception.
        count = len(lines) - 2 - _FIRST - _LAST
        if count > 1:
            lines[1 + _FIRST : -1 - _LAST] = [f"    [... {count} frames left out ...]\n"]
        return [lines]


def _frames(trace):
    while trace:
        yield trace
        trace = trace.tb_next
