"""Tells what there is in the place of a package that is not installed."""

import os
import re
from importlib.util import find_spec

_PLOTS = "matplotlib, seaborn"
_ARRAYS = "numpy, scipy"
_LEARNING = "sklearn, statsmodels, scipy"
_FRAMES = "pandas"
_IMAGES = "PIL, scipy.ndimage"
_SOLVERS = "z3, pulp, sympy, scipy.optimize"
_DOCUMENTS = "pypdf and reportlab for PDF, docx, openpyxl, xlrd"
_SERVERS = "http.server"
# What models import by habit, by what does the same here.
_INSTEAD = {
    "the standard library": "attrdict dotenv frozendict loguru orjson simplejson ujson toml ruamel".split(),
    _PLOTS: "altair bokeh plotly plotnine pygal holoviews pyecharts graphviz pydot wordcloud turtle tkinter".split(),
    _ARRAYS: "cupy jax numba numexpr bottleneck autograd theano quadpy".split(),
    _LEARNING: "torch tensorflow keras xgboost lightgbm catboost transformers prophet imblearn mlxtend".split(),
    _FRAMES: "polars dask modin vaex duckdb cudf xarray geopandas".split(),
    "to_csv, to_pickle, to_excel": "pyarrow fastparquet tables".split(),
    _IMAGES: "cv2 skimage imageio pytesseract moviepy".split(),
    _SOLVERS: "ortools cvxpy cvxopt pyomo pysat minizinc gurobipy mip galois sage constraint".split(),
    _DOCUMENTS: "fitz PyPDF2 pdfplumber pdfminer fpdf pptx camelot tabula".split(),
    _SERVERS: "flask fastapi django uvicorn".split(),
    "requests, urllib": "httpx aiohttp selenium scrapy playwright".split(),
    "os, resource": ["psutil"],
    "Cryptodome": ["Crypto"],
    "Levenshtein, difflib": "rapidfuzz fuzzywuzzy thefuzz jellyfish".split(),
    "tqdm.auto, for tqdm.notebook": ["ipywidgets"],
    "gmpy2, sympy": "flint primesieve cypari2 cypari mpi4py".split(),
}
# In the list of packages, and nothing to import.
_OWN = ("-", "IPython", "matplotlib_inline", "pip")
_OPTIONAL = re.compile(r"dependency '([\w-]+)'|tried using: '([\w-]+)'|update jupyter and (ipywidgets)")


class Packages:
    """The packages that sessions have, as far as the list names them."""

    def __init__(self, names: list[str]):
        tops = dict.fromkeys(name.lstrip("~").partition(".")[0] for name in names)
        self._names = [name for name in tops if name not in _OWN and find_spec(name)]
        self._instead = {missing: instead for instead, all_missing in _INSTEAD.items() for missing in all_missing}

    def sentence(self, error: ImportError) -> str | None:
        """What to say below the traceback of `error`; None where it is not about a package that is missing."""
        name = _missing(error)
        if name is None:
            return None
        if instead := self._instead.get(name):
            there = f"In its place there is: {instead}"
        else:
            there = f"There are, beside the standard library: {', '.join(self._names)}"
        return f"[{name} is not installed here. {there}.{self.way_out()}]\n"

    def refusal(self, command: str, status: int) -> str | None:
        """What to say of a command that has ended; None where it did not try to install packages without a network."""
        if not (self.way_out() and re.search(r"\b(pip3?|conda|uv)\b.*\binstall\b", command)):
            return None
        if status == 0 and "|" not in command:  # Of what goes into another program the status is lost.
            return None
        return f"[Nothing can be installed here. There are: {', '.join(self._names)}.{self.way_out()}]\n"

    def way_out(self) -> str:
        """Which setting would bring more, with a blank before it; nothing where an index can be reached."""
        if "PIP_NO_INDEX" not in os.environ:
            return ""
        return (
            " This session has no network; the settings python.network=egress and "
            "python.egress=pypi.org:443,files.pythonhosted.org:443 would let pip install more."
        )


def _missing(error: ImportError) -> str | None:
    """The package that `error` is about, if it is not there."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        name = error.name.partition(".")[0]
    elif found := _OPTIONAL.search(str(error)):
        name = next(filter(None, found.groups())).lower()
    else:
        return None
    try:
        return None if find_spec(name) else name
    except (ImportError, ValueError):  # A name that nothing can have.
        return name
