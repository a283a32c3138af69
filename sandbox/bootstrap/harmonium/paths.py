"""Keeps where this code lies on the machine out of what cells can come upon: tracebacks, warnings, `sys`, modules."""

import gc
import os
import sys
import warnings
from types import CodeType, FunctionType

import IPython

# What tracebacks and warnings call a file of this package.
NAME = "<harmonium>"
# How the files of code begin that no cell is the author of.
INTERNAL = (NAME, os.path.dirname(IPython.__file__) + os.sep)

_original_format = warnings.formatwarning


def forget() -> None:
    """Makes the package nameless; all of its modules have to be loaded by now."""
    folder = os.path.dirname(__file__)
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and function.__code__.co_filename.startswith(folder):
            function.__code__ = _renamed(function.__code__)
    package = __name__.partition(".")[0]
    for name, module in sys.modules.items():
        if name.partition(".")[0] == package:
            module.__file__, module.__cached__, module.__spec__, module.__loader__ = NAME, None, None, None
    sys.modules[package].__path__ = []
    parent = os.path.dirname(folder)
    sys.path[:] = [entry for entry in sys.path if entry != parent]
    for entry in (folder, parent):
        sys.path_importer_cache.pop(entry, None)
    warnings.formatwarning = _format_warning


def _renamed(code: CodeType) -> CodeType:
    constants = tuple(_renamed(value) if isinstance(value, CodeType) else value for value in code.co_consts)
    return code.replace(co_filename=NAME, co_consts=constants)


def _format_warning(message, category, filename, lineno, line=None) -> str:
    if filename.startswith(INTERNAL):
        # A library's warning names its caller, which is this package where a figure or a value is shown.
        return f"{category.__name__}: {message}\n"
    return _original_format(message, category, filename, lineno, line)
