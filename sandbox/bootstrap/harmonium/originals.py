"""Keeps what the evaluator depends on, so that a cell which replaces it breaks itself and not the next one."""

import ast
import builtins
import sys
from types import FunctionType

_HOOKS = ("breakpointhook", "displayhook", "excepthook", "unraisablehook")


class Originals:
    """The names of `builtins`, the functions of `ast` and the hooks of `sys`, as they were when this was made."""

    def __init__(self, main):
        self._kept = [
            (vars(builtins), dict(vars(builtins))),
            # Its functions only: to look at the many classes would copy a page each in a forked process.
            (vars(ast), {name: value for name, value in vars(ast).items() if isinstance(value, FunctionType)}),
            (vars(sys), {name: getattr(sys, name) for name in _HOOKS}),
            (sys.modules, {"__main__": main, "builtins": builtins, "ast": ast, "sys": sys}),
        ]
        self._recursion_limit = sys.getrecursionlimit()
        # The interpreter looks these up by name, and so would we; a default argument cannot be replaced.
        self._recursion = (sys.getrecursionlimit, sys.setrecursionlimit)

    def restore(self) -> None:
        """Puts back what was replaced or deleted. What was added stays. Uses no builtin, which may be gone."""
        for names, kept in self._kept:
            for name, value in kept.items():
                if names.get(name) is not value:
                    names[name] = value
        get, set = self._recursion
        if get() < self._recursion_limit:
            set(self._recursion_limit)
