"""Cells of plain Python, told apart from those that need IPython to read them.

IPython puts each cell through a tokenizer and some twenty transformers, all written in Python. For a small cell that is
most of its time, and most of the pages that a forked process copies for it. What compiles as it stands goes without.
"""

import ast
import re

from IPython.core.autocall import IPyAutocall
from IPython.core.macro import Macro

# In valid Python: prompts, which IPython takes away when code was copied with them, and what keeps a value unshown.
_MARKS = ("In [", ">>>", "...", ";")
# What a cell may put in the place of, to have cells run otherwise.
_METHODS = frozenset(
    ("run_cell", "_run_cell", "run_cell_async", "transform_cell", "transform_ast", "should_run_async", "run_ast_nodes")
)
_FIRST_NAME = re.compile(r"[^\W\d]\w*")


class Reader:
    """Tells plain cells, for a shell that reads cells as it did when this was made."""

    def __init__(self, shell):
        self._shell = shell
        self._kept = [list(hooks) for hooks in self._hooks()]
        self._manager = shell.input_transformer_manager

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
        shell = self._shell
        return bool(
            shell.input_transformer_manager is not self._manager
            or shell.autocall
            or shell.ast_node_interactivity != "last_expr"
            or self._hooks() != self._kept
            or not _METHODS.isdisjoint(vars(shell))
        )

    def _hooks(self) -> list[list]:
        shell, manager = self._shell, self._shell.input_transformer_manager
        return [
            manager.cleanup_transforms,
            manager.line_transforms,
            manager.token_transformers,
            shell.input_transformers_post,
            shell.ast_transformers,
            shell.prefilter_manager.transformers,
            shell.prefilter_manager.checkers,
            shell.events.callbacks["pre_execute"],
            shell.events.callbacks["pre_run_cell"],
        ]
