"""Finds the cells of plain Python, which do not need IPython to read them.

IPython puts each cell through a tokenizer and some twenty transformers, all written in Python. For a small cell that is
most of its time, and most of the pages that a forked process copies for it. What compiles as it stands goes without.
"""

import ast
import re

from IPython.core.autocall import IPyAutocall
from IPython.core.macro import Macro

# In valid Python: prompts, which IPython takes away when code was copied with them, and what keeps a value unshown.
_MARKS = ("In [", ">>>", "...", ";")
# What a cell may replace, so that later cells run in another way.
_METHODS = frozenset(
    ("run_cell", "_run_cell", "run_cell_async", "transform_cell", "transform_ast", "should_run_async", "run_ast_nodes")
)
_TRAITS = (
    "ast_node_interactivity",
    "ast_transformers",
    "autocall",
    "input_transformer_manager",
    "input_transformers_post",
    "prefilter_manager",
)
_FIRST_NAME = re.compile(r"[^\W\d]\w*")


class Reader:
    """Tells plain cells, for a shell that reads cells as it did when this was made."""

    def __init__(self, shell):
        self._shell = shell
        self._kept = [
            (names, name, list(names[name]) if isinstance(names.get(name), list) else names.get(name))
            for names, name in _places(shell)
        ]

    def compile(self, source: str, name: str) -> list | None:
        """The code objects of a cell, in order, as IPython would run them; None when IPython has to read it itself."""
        if not source or source[0].isspace() or any(mark in source for mark in _MARKS) or self._is_changed():
            return None
        if len(source.splitlines()) == 1 and self._is_command(source):
            return None
        try:
            return list(self._codes(source, name))
        except Exception:
            return None  # A magic, a shell command, a question, an `await`; or an error, which IPython tells best.

    def _codes(self, source: str, name: str):
        compiler = self._shell.compile
        statements = compiler.ast_parse(source, name).body
        for statement in statements:
            if statement is statements[-1] and isinstance(statement, ast.Expr):
                yield compiler(ast.Interactive([statement]), name, "single")
            else:
                yield compiler(ast.Module([statement], []), name, "exec")

    def _is_command(self, line: str) -> bool:
        """Whether a line may be a magic without its `%`, or a name that stands for a call, as `exit` does."""
        first = _FIRST_NAME.match(line)
        if first is None:
            return False
        value = self._shell.user_ns.get(first[0])
        return self._shell.find_line_magic(first[0]) is not None or isinstance(value, (IPyAutocall, Macro))

    def _is_changed(self) -> bool:
        """Whether cells have changed how cells are read, or run."""
        for names, name, kept in self._kept:
            if names.get(name) != kept:
                return True
        return not _METHODS.isdisjoint(vars(self._shell))


def _places(shell):
    """Where what decides how a cell is read is kept, as a namespace and a name. To ask for each by its attribute would
    take as long as the rest of a small cell."""
    for trait in _TRAITS:
        getattr(shell, trait)  # It has its value once it was asked for.
        yield shell._trait_values, trait
    for name in ("cleanup_transforms", "line_transforms", "token_transformers"):
        yield vars(shell.input_transformer_manager), name
    for name in ("_transformers", "_checkers"):
        yield vars(shell.prefilter_manager), name
    for event in ("pre_execute", "pre_run_cell"):
        yield shell.events.callbacks, event
