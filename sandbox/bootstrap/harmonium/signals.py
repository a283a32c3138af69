"""Signals reach a cell while it runs, and nothing of ours before or after."""

# The functions beneath those of `signal`, which make an enumeration's member of each number they give.
from _signal import (
    ITIMER_PROF,
    ITIMER_REAL,
    ITIMER_VIRTUAL,
    SIG_DFL,
    SIG_IGN,
    SIG_SETMASK,
    SIGINT,
    SIGPIPE,
    SIGXFSZ,
    default_int_handler,
    pthread_sigmask,
    setitimer,
    signal,
    sigpending,
)
from sys import settrace


def begin() -> None:
    """What an interpreter does at its start, which an embedded one leaves to us."""
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    disarm()


def arm() -> None:
    """Lets SIGINT raise KeyboardInterrupt, whatever the last cell made of it."""
    signal(SIGINT, default_int_handler)


def disarm() -> None:
    """Stops whatever could still interrupt us. A late SIGINT must not hit the next cell, which did nothing wrong."""
    _insist(settrace, None)
    for timer in (ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF):
        _insist(setitimer, timer, 0)
    _insist(signal, SIGINT, SIG_IGN)
    _insist(_unblock)


def _unblock() -> None:
    """Empties the signal mask, without dying of the signals that it held back."""
    waiting = sigpending()
    before = {number: signal(number, SIG_IGN) for number in waiting}
    pthread_sigmask(SIG_SETMASK, [])
    for number, handler in before.items():
        signal(number, handler if handler is not None else SIG_DFL)


def _insist(call, *arguments) -> None:
    """Calls again when a handler that was already due raises out of the call."""
    for _ in range(1000):
        try:
            call(*arguments)
            return
        except BaseException:
            continue
