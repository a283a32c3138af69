"""IPython's evaluator, without a terminal, a history on disk or anybody who types."""

import asyncio
import bdb
import builtins
import getpass
import importlib
import inspect
import linecache
import os
import re
import shlex
import subprocess
import sys
import warnings
from types import SimpleNamespace

from IPython.core.autocall import ExitAutocall
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.error import UsageError
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell
from traitlets.config import Config

from . import figures
from .awaiting import Awaiter
from .display import Formatter, Hook, Publisher
from .originals import Originals
from .plain import Reader
from .tracebacks import Formatter as ErrorFormatter
from .tracebacks import without_internals

_CONFIG = {
    "InteractiveShell": {"colors": "NoColor", "cache_size": 100, "autoindent": False},
    # An open database would be shared by all forked sessions, and its thread would not survive the fork.
    "HistoryManager": {"enabled": False, "hist_file": ":memory:", "db_cache_size": 100},
    "Completer": {"use_jedi": False},
}

_COLOR = re.compile(r"\x1b\[[0-9;]*m")  # %colors brings them back.


class Compiler(CachingCompiler):
    """Names cells without a cryptographic hash, whose library is large."""

    def get_code_name(self, raw_code, transformed_code, number):
        return f"<ipython-input-{number}-{hash(raw_code) & 0xFFFFFFFFFFFF:012x}>"


class History(HistoryManager):
    """Remembers the last cells in plain attributes."""

    _i = _ii = _iii = _i00 = ""

    def get_tail(self, n=10, raw=True, output=False, include_latest=False):
        """The last cells. The original looks for them on disk."""
        cells = list(self.get_range(raw=raw, output=output, start=1))
        return cells[-n:] if include_latest or len(cells) == 1 else cells[-n - 1 : -1]


class Shell(InteractiveShell):
    """Evaluates cells. Whatever it shows goes to `streams` and `images`."""

    # Plain attributes: each time a trait is set, many lines of Python look for its observers.
    execution_count = 1
    last_execution_succeeded = True
    last_execution_result = None

    def __init__(self, streams, images, packages):
        self.streams = streams
        self.images = images
        self._packages = packages
        self.originals = self.reader = None
        self._showed_error = False
        self.compiler_class = Compiler
        super().__init__(
            config=Config(_CONFIG), displayhook_class=Hook, display_pub_class=Publisher, exiter=_Exit(self)
        )
        self.loop_runner = Awaiter()
        self.db = {}  # The original is on disk. Little is left that uses it: %cd keeps its history here.
        self.set_hook("show_in_pager", _print_page)
        self.register_magic_function(self._pip, magic_name="pip")
        self.events.register("post_execute", self._show_figures)
        builtins.input = getpass.getpass = _refuse_input
        self.originals = Originals(self.user_module)
        self.reader = Reader(self)

    def evaluate(self, source: str) -> bool:
        """Runs a cell and returns whether it succeeded; if not, its output says why."""
        self._showed_error = False
        result = self._run_plain(source) or self.run_cell(source, store_history=True)
        for pending in ("db_input_cache", "db_output_cache"):
            # No database collects the history.
            getattr(self.history_manager, pending, []).clear()
        error = result.error_before_exec or result.error_in_exec
        if isinstance(error, SystemExit):
            return error.code in (None, 0)
        if isinstance(error, bdb.BdbQuit):
            self.streams.write("BdbQuit: a debugger cannot be used here, for it gets no commands.\n")
        return error is None and not self._showed_error

    def _run_plain(self, source: str) -> ExecutionResult | None:
        """What `run_cell` does, for a cell that IPython need not read; None if it has to."""
        count = self.execution_count
        name = self.compile.cache(source, count)  # A warning shows the line it is about.
        codes = self.reader.compile(source, name)
        if codes is None:
            return None
        info = _info(source)
        result = ExecutionResult(info)
        result.execution_count = count
        self.events.trigger("pre_execute")
        self.events.trigger("pre_run_cell", info)
        self.history_manager.store_inputs(count, source, source)
        self.logger.log(source + "\n", source)
        self.execution_count += _COUNTS_FIRST
        self.displayhook.exec_result = result
        try:
            with self.builtin_trap, self.display_trap:
                self.last_execution_succeeded = all(self._succeeds(code, result) for code in codes)
        finally:
            self.displayhook.exec_result = None
            self.last_execution_result = result
            self.execution_count += not _COUNTS_FIRST
            self.events.trigger("post_execute")
            self.events.trigger("post_run_cell", result)
        return result

    def _succeeds(self, code, result: ExecutionResult) -> bool:
        try:
            # It awaits nothing, for none of these codes do.
            self.run_code(code, result).send(None)
        except StopIteration as ended:
            return not ended.value

    def forget(self) -> None:
        """Begins again: no cell was ever run."""
        self.reset()
        self.compile = self.compiler_class()
        linecache.clearcache()
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            vars(sys).pop(name, None)

    def forget_cells(self) -> None:
        """Begins to count and to remember cells again; much cheaper than `forget`, for cells that left nothing else."""
        self.execution_count = 1
        history = self.history_manager
        history.input_hist_parsed[:] = history.input_hist_raw[:] = [""]
        history.output_hist.clear()
        history._i = history._ii = history._iii = history._i00 = ""
        hook = self.displayhook
        hook._ = hook.__ = hook.___ = ""
        for name in ("_1", "_i1"):
            self.user_ns.pop(name, None)
        self.user_ns.update(dict.fromkeys(("_", "__", "___", "_i", "_ii", "_iii"), ""))

    def reset(self, *arguments, **options):
        super().reset(*arguments, **options)
        # It takes these away too, and multiprocessing cannot start a new interpreter from a main module without.
        vars(self.user_module).update(dict.fromkeys(("__doc__", "__loader__", "__package__", "__spec__")))

    def init_history(self):
        self.history_manager = History(shell=self, parent=self)
        self.configurables.append(self.history_manager)

    def should_run_async(self, *arguments, **options):
        try:
            return super().should_run_async(*arguments, **options)
        except Exception:
            return False  # The source cannot be compiled. It is compiled again where that is reported.

    def init_traceback_handlers(self, custom_exceptions):
        super().init_traceback_handlers(custom_exceptions)
        self.InteractiveTB.__class__ = ErrorFormatter  # What it is made with differs between releases.

    def init_display_formatter(self):
        self.display_formatter = Formatter(parent=self)
        self.configurables.append(self.display_formatter)

    def enable_gui(self, gui=None):
        pass

    def enable_matplotlib(self, gui=None):
        """Accepts any `%matplotlib`: figures are shown inline whatever it asks for."""
        return "inline", "inline"

    def system(self, cmd):
        """Runs a shell command with the cell's own output, so that it streams, and sets `_exit_code`."""
        self.streams.flush()
        command = self.var_expand(cmd, depth=1)
        environment = {**os.environ, "HARMONIUM_SHELL": "1"}  # Its pip leaves the last word to us.
        if sys.stdout is self.streams.stdout:
            code = subprocess.call(command, shell=True, env=environment)
        else:
            done = subprocess.run(
                command, shell=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            sys.stdout.write(done.stdout.decode("utf-8", "replace"))
            code = done.returncode
        self.user_ns["_exit_code"] = code
        _find_installed()
        if refusal := self._packages.refusal(command, code):
            self.streams.write(refusal)

    system_piped = system_raw = system

    def _pip(self, line):
        """Runs pip; what it installs can be imported at once."""
        self.system(f"{shlex.quote(sys.executable)} -m pip {line}")

    def showtraceback(self, exc_tuple=None, filename=None, tb_offset=None, exception_only=False, **options):
        self.originals.restore()
        kind, error, trace = exc_tuple or sys.exc_info()
        # Not every error that is shown ends the cell, %%time's does not; and %tb shows one of an earlier cell.
        self._showed_error = self._showed_error or kind is not None
        if isinstance(error, SystemExit):
            return self._show_exit(error)
        if self.loop_runner.is_interrupted and kind is asyncio.CancelledError:
            kind, error = KeyboardInterrupt, KeyboardInterrupt()
        with self.streams.installed():
            if kind is not None:
                trace = without_internals(trace)
                if trace is None and not issubclass(kind, (SyntaxError, UsageError)):
                    # It is about a value that could not be shown. What there is to say is in its last line.
                    lines = self.InteractiveTB.get_exception_only(kind, error)
                    return self._showtraceback(kind, error, [line.rstrip("\n") for line in lines])
                exc_tuple = kind, error, trace
                tb_offset = 0  # By default IPython drops a frame, its own.
            super().showtraceback(exc_tuple, filename, tb_offset, exception_only, **options)
        if isinstance(error, ImportError) and (sentence := self._packages.sentence(error)):
            self.streams.write(sentence)

    def showsyntaxerror(self, *arguments, **options):
        with self.streams.installed():
            super().showsyntaxerror(*arguments, **options)

    def _showtraceback(self, etype, evalue, stb):
        self.streams.write(_COLOR.sub("", self.InteractiveTB.stb2text(stb)) + "\n")

    def _show_exit(self, error: SystemExit) -> None:
        # IPython adds a warning that says how to leave, which no key press can do here.
        warnings.filterwarnings("ignore", "To exit: use")
        code = "" if error.code is None else f": {error.code}"
        self.streams.write(f"SystemExit{code}\nThe cell has ended; the session and its variables go on.\n")

    def _show_figures(self) -> None:
        try:
            figures.show_all()
        except Exception:
            self.showtraceback(sys.exc_info())


class _Exit(ExitAutocall):
    """`exit` and `quit`, which IPython also calls when they stand alone in a cell."""

    def __call__(self, code=None):
        raise SystemExit(code)


# Whether a cell is counted before it runs, and its value shown under the number before.
_COUNTS_FIRST = DisplayHook.prompt_count.fget(SimpleNamespace(shell=SimpleNamespace(execution_count=1))) == 0

# Which of these there are depends on the release.
_INFO_FIELDS = tuple(inspect.signature(ExecutionInfo).parameters)


def _info(source: str) -> ExecutionInfo:
    """What `run_cell` tells of a cell before it runs."""
    known = {"raw_cell": source, "transformed_cell": source, "store_history": True, "shell_futures": True}
    return ExecutionInfo(*[known.get(name, False if name == "silent" else None) for name in _INFO_FIELDS])


def _find_installed() -> None:
    """Makes importable what `!pip` or `%pip` has installed."""
    packages = os.environ.get("PIP_TARGET")
    if packages and os.path.isdir(packages):
        if packages not in sys.path:
            sys.path.append(packages)
        importlib.invalidate_caches()


def _refuse_input(prompt="", *arguments, **options):
    raise EOFError("input has no person to ask here: put the value into the code")


def _print_page(shell, data, start=0, screen_lines=0):
    shell.display_pub.publish(data if isinstance(data, dict) else {"text/plain": data})
