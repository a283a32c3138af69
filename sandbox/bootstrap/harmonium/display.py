"""Where values are shown: text goes to the stream, images to `Images`."""

import contextlib
import json
import warnings

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.display import HTML, Latex, Markdown, Math
from IPython.lib.pretty import _repr_pprint

from . import figures
from .images import EXTENSIONS

# What to print of a bundle that brings no plain text, best first.
_TEXTS = ("text/plain", "text/markdown", "text/latex", "text/html", "application/json")
# What has no other representation than its text, unless a cell registers one.
_PLAIN = frozenset((type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, range))


class Formatter(DisplayFormatter):
    """Asks a value only for the representations that can be shown here."""

    def __init__(self, **options):
        super().__init__(**options)
        self.active_types = ["text/plain", *EXTENSIONS]
        for kind in (HTML, Latex, Markdown, Math):
            # Their own representation says only of what type they are.
            self.formatters["text/plain"].for_type(kind, _print_data)
        printers = self.formatters["text/plain"].type_printers
        self._plain_printers = {kind: printers[kind] for kind in _PLAIN if kind in printers}
        self.formatters["text/plain"].for_type_by_name("pandas.io.formats.style", "Styler", _print_styler)

    def format(self, value, include=None, exclude=None):
        if figures.is_figure(value):
            image = figures.png(value)
            return {"text/plain": repr(value)} | ({"image/png": image} if image else {}), {"kind": "figure"}
        self._forget_sympy()
        if type(value) in _PLAIN and not include and not exclude and not self._is_registered(type(value)):
            # Most values are: to ask every formatter for them would take a third of a small cell's time.
            return {"text/plain": self._plain_text(value)}, {}
        return super().format(value, include=include, exclude=exclude)

    def _plain_text(self, value) -> str:
        formatter = self.formatters["text/plain"]
        if formatter.pprint and formatter.type_printers.get(type(value)) is _repr_pprint:
            # A number or a string: what its printer would come to after it had called half of IPython.
            with contextlib.suppress(Exception):  # Its printer says it better.
                return repr(value)
        return formatter(value)

    def _forget_sympy(self) -> None:
        """Takes back what sympy's `init_printing` does to values: it makes images of formulas, and of lists and numbers;
        and it breaks the text of these in lines, in the midst of a number."""
        for mime in EXTENSIONS:
            printers = self.formatters[mime].type_printers
            for kind, printer in list(printers.items()):
                if _is_of_sympy(printer):
                    del printers[kind]
        printers = self.formatters["text/plain"].type_printers
        if _is_of_sympy(printers.get(int)):
            printers.update(self._plain_printers)

    def _is_registered(self, kind: type) -> bool:
        """Whether a formatter that is asked for more than text knows `kind`, or a type it derives from."""
        asked = [self.formatters[mime] for mime in EXTENSIONS]
        asked += [self.ipython_display_formatter, self.mimebundle_formatter]
        return any(base in formatter.type_printers for formatter in asked for base in kind.__mro__)


class Hook(DisplayHook):
    """Shows the value of a cell's last expression, without a prompt."""

    exec_result = None  # A plain attribute, as those of `Shell`.

    def quiet(self):
        # It looks for the semicolon at the end with a tokenizer that is written in Python.
        cells = self.shell.history_manager.input_hist_parsed
        return bool(cells) and ";" in cells[-1] and super().quiet()

    def compute_format_data(self, result):
        try:
            return super().compute_format_data(result)
        finally:
            figures.close(result)  # Shown once is enough, although it is still open at the end of the cell.

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.display_pub.publish(format_dict, md_dict)

    def finish_displayhook(self):
        pass

    def cull_cache(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # That old results leave `Out` is no news for anybody.
            super().cull_cache()


class Publisher(DisplayPublisher):
    """Shows what `display` is given. An update shows the new state again, for what was printed stays printed."""

    def publish(self, data, metadata=None, *arguments, **options):
        kind = (metadata or {}).get("kind", "image")
        for mime in EXTENSIONS:
            if mime in data and (line := self.shell.images.add(kind, mime, data[mime])):
                return self.shell.streams.write(line + "\n")
        for mime in _TEXTS:
            if data.get(mime) is not None:
                return self.shell.streams.write(_text(data[mime]) + "\n")

    def clear_output(self, wait=False):
        """Does nothing: what was printed has been sent."""


def _is_of_sympy(printer) -> bool:
    return getattr(printer, "__module__", "").startswith("sympy.")


def _text(value) -> str:
    if isinstance(value, str):
        return value
    with contextlib.suppress(TypeError, ValueError):
        return json.dumps(value, indent=2, ensure_ascii=False)
    return repr(value)


def _print_data(value, printer, cycle):
    printer.text(value.data if isinstance(value.data, str) else repr(value))


def _print_styler(value, printer, cycle):
    printer.text(value.to_string())
