"""Read by every Python that a cell starts: where no index can be reached, a failure of pip ends with what would help.

The worker puts it where the system's Python looks for it. Each start of Python pays for what stands here.
"""

import os
import sys


def _is_install(words: list[str]) -> bool:
    """Whether `pip install …` or `python -m pip install …` begins."""
    return "install" in words and any(os.path.basename(word).startswith("pip") for word in words[1:4])


def _exit_with_advice(status=None):
    if status:
        sys.stderr.write(
            "[Nothing can be installed here; `pip list` says what there is. This session has no network; the settings "
            "python.network=egress and python.egress=pypi.org:443,files.pythonhosted.org:443 would let pip install "
            "more.]\n"
        )
    raise SystemExit(status)


# A cell's own `!pip` and `%pip` say more, with the names of what there is.
if "PIP_NO_INDEX" in os.environ and "HARMONIUM_SHELL" not in os.environ and _is_install(sys.orig_argv):
    sys.exit = _exit_with_advice
