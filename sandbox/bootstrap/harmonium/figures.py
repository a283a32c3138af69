"""matplotlib's figures, shown as a notebook shows them: on `show()` and at the end of the cell, then closed.

This is done for the backend `agg` and not by a backend of its own, because code that selects `agg` wants to be shown
its figures too.
"""

import io
import logging
import sys

# Has the letters of Chinese, Japanese and Korean, which none of matplotlib's own fonts has.
_FALLBACK = "WenQuanYi Micro Hei"


def attach() -> None:
    """Makes `show` show, in any letters. Does nothing where matplotlib is not loaded, or not installed."""
    bases = sys.modules.get("matplotlib.backend_bases")
    if bases and bases.FigureManagerBase.show is not _show:
        bases.FigureManagerBase.show = _show
    fonts = sys.modules.get("matplotlib.font_manager")
    if find := getattr(fonts and fonts.FontManager, "_find_fonts_by_props", None):
        _add_fallback(fonts, find)


def _add_fallback(fonts, find) -> None:
    """Has letters that are in no font of a text's own come from another, whatever styles and settings choose.

    Source: "Font fallback" of matplotlib's "Fonts in Matplotlib", which tries fonts in order, letter by letter.
    """
    fallback = next((font.fname for font in fonts.fontManager.ttflist if font.name == _FALLBACK), None)

    def find_more(self, prop, fontext="ttf", *arguments, **options):
        found = find(self, prop, fontext, *arguments, **options)
        return found if fontext != "ttf" or fallback in found else [*found, fallback]

    if fallback:
        fonts.FontManager._find_fonts_by_props = find_more
    # It says so for each text of a figure that there is no font of a name.
    logging.getLogger(fonts.__name__).addFilter(_Once())


class _Once(logging.Filter):
    """Lets each message pass once."""

    def __init__(self):
        super().__init__()
        self._seen = set()

    def filter(self, record) -> bool:
        message = record.getMessage()
        is_new = message not in self._seen
        self._seen.add(message)
        return is_new


def forget() -> None:
    """Closes the files of fonts: forked processes would share, and move, their position."""
    module = sys.modules.get("matplotlib.font_manager")
    if fonts := getattr(module, "_get_font", None):
        fonts.cache_clear()


def is_figure(thing) -> bool:
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(thing, module.Figure)


def png(figure) -> bytes | None:
    """Renders a figure as a notebook does; None when there is nothing in it."""
    if not (figure.axes or figure.lines or figure.images or figure.texts or figure.patches or figure.subfigs):
        return None
    if figure.canvas is None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        FigureCanvasAgg(figure)
    out = io.BytesIO()
    figure.canvas.print_figure(
        out,
        format="png",
        bbox_inches="tight",
        dpi=figure.dpi,
        facecolor=figure.get_facecolor(),
        edgecolor=figure.get_edgecolor(),
    )
    return out.getvalue()


def show_all() -> None:
    """Shows and closes every open figure."""
    if managers := _managers():
        try:
            for manager in managers.get_all_fig_managers():
                _display(manager.canvas.figure)
        finally:
            managers.destroy_all()


def close(thing) -> None:
    """Closes `thing` if it is a figure which is not closed yet."""
    if is_figure(thing) and (managers := _managers()):
        managers.destroy_fig(thing)


def _show(self, *arguments, **options) -> None:
    """What `figure.show()` and, for each figure, `pyplot.show()` call."""
    managers = _managers()
    if managers and self.num in managers.figs:
        managers.destroy(self)
    _display(self.canvas.figure)


def _managers():
    module = sys.modules.get("matplotlib._pylab_helpers")
    return module.Gcf if module and module.Gcf.figs else None


def _display(figure) -> None:
    from IPython.display import display

    display(figure)
