"""matplotlib's figures, shown as a notebook shows them: on `show()` and at the end of the cell, then closed.

This is done for the backend `agg` and not by a backend of its own, because code that selects `agg` wants to be shown
its figures too.
"""

import io
import sys


def attach() -> None:
    """Makes `show` show. Does nothing where matplotlib is not loaded, or not installed."""
    bases = sys.modules.get("matplotlib.backend_bases")
    if bases and bases.FigureManagerBase.show is not _show:
        bases.FigureManagerBase.show = _show


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
