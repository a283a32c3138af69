"""Cells of plain Python, told apart from those that need IPython to read them.

IPython puts each cell through a tokenizer and some twenty transformers, all written in Python. For a small cell that is
most of its time, and most of the pages that a forked process copies for it. What compiles as it stands goes without.
"""

import ast
import re

from IPython.core.autocall import IPyAutocall
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.macro import Macro

# In valid Python: prompts, which IPython takes away when code was copied with them, and what keeps a value unshown.
_MARKS = ("In [", ">>>", "...", ";")
_FIRST_NAME = re.compile(r"[^\W\d]\w*")


def compile_cell(shell, source: str, name: str) -> list | None:
    """The code objects of a cell, in order, as IPython would run them; None when IPython has to read the cell itself."""
    if source[:1].isspace() or any(mark in source for mark in _MARKS) or _is_customized(shell):
        return None
    if len(source.splitlines()) == 1 and _is_command(shell, source):
        return None
    try:
        statements = shell.compile.ast_parse(source, name).body
        return _compile(shell, statements, name)
    except Exception:
        return None  # A magic, a shell command, a question, an `await`; or an error, which IPython tells best.


def _compile(shell, statements: list, name: str) -> list:
    shown = [statements.pop()] if statements and isinstance(statements[-1], ast.Expr) else []
    codes = []
    if statements:
        codes.append(shell.compile(ast.Module(statements, []), name, "exec"))
    if shown:
        codes.append(shell.compile(ast.Interactive(shown), name, "single"))
    return codes


def _is_command(shell, line: str) -> bool:
    """Whether a line may be a magic without its `%`, or a name that stands for a call, as `exit` does."""
    first = _FIRST_NAME.match(line)
    if first is None:
        return False
    name = first[0]
    return shell.find_line_magic(name) is not None or isinstance(shell.user_ns.get(name), (IPyAutocall, Macro))


def _is_customized(shell) -> bool:
    """Whether cells have changed how cells are read."""
    manager = shell.input_transformer_manager
    return bool(
        shell.ast_transformers
        or shell.input_transformers_post
        or shell.autocall
        or shell.ast_node_interactivity != "last_expr"
        or _counts(manager) != _COUNTS
    )


def _counts(manager: TransformerManager) -> tuple[int, int, int]:
    return len(manager.cleanup_transforms), len(manager.line_transforms), len(manager.token_transformers)


_COUNTS = _counts(TransformerManager())
