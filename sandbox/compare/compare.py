#!/usr/bin/env python3
"""Runs cells in the style of what models send, on Jupyter's own kernel and on Harmonium, and prints where they differ.

    compare.py URL            URL of a running daemon

The cases are in `cells/`. One that begins with `# %% NAME` has to show the same on both sides; one with
`# %% NAME | wanted: REASON` has to differ. Fails where one does not. A line `# --` parts the cells of a case.
"""

import concurrent.futures
import difflib
import pathlib
import re
import sys

from sides import Harmonium, Kernel

_HEAD = re.compile(r"# %% (?P<name>[^|\n]+?)(?: \| wanted: (?P<reason>.+))?")
# What may differ from run to run, or between machines, and says nothing about the evaluator.
_NORMAL = (
    (re.compile(r"0x[0-9a-f]{6,}"), "0x…"),
    (re.compile(r"(/tmp/ipykernel_\d+/\d+\.py|(/mnt/data/)?<ipython-input-\d+-[0-9a-f]+>)"), "CELL"),
    (re.compile(r"\(\d+ times\)"), "(… times)"),
    (re.compile(r"\[(figure|image) \d+ saved to [^\]]*\]"), "[image]"),
    (re.compile(r"\d[\d.e+]* ?(ns|µs|us|ms|s)\b"), "TIME"),
    (re.compile(r"^\[no output: end the cell[^\]]*\]$", re.MULTILINE), ""),
)


class Case:
    """Cells, and why what they show has to differ, if it has."""

    def __init__(self, name, reason, cells):
        self.name, self.reason, self.cells = name, reason, cells


def read_cases():
    for path in sorted((pathlib.Path(__file__).parent / "cells").glob("*.ipy")):
        head, lines = None, []
        for line in [*path.read_text("utf-8").splitlines(), "# %% end"]:
            if not (found := _HEAD.fullmatch(line)):
                lines.append(line)
                continue
            if head:
                cells = "\n".join(lines).split("\n# --\n")
                yield Case(head["name"], head["reason"], [cell.strip("\n") for cell in cells])
            head, lines = found, []


def outcomes(side, cases):
    """What each case showed on a side, all in one session."""
    session = side()
    try:
        for case in cases:
            yield [session.run(cell) for cell in case.cells]
    finally:
        session.close()


def normal(shown):
    """What a cell showed, less what says nothing."""
    text = shown.text
    for pattern, replacement in _NORMAL:
        text = pattern.sub(replacement, text)
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines()) + ("\n(failed)" if shown.has_failed else "")


def verdict(case, theirs, ours):
    """The line of the table, and whether it is right."""
    is_equal = theirs == ours
    if case.reason is None:
        return ("equal", True) if is_equal else ("DIFFERS", False)
    return ("EQUAL, though it is said to differ", False) if is_equal else (f"wanted: {case.reason}", True)


def main():
    base = sys.argv[1]
    cases = list(read_cases())
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        theirs = pool.submit(lambda: list(outcomes(Kernel, cases)))
        ours = pool.submit(lambda: list(outcomes(lambda: Harmonium(base), cases)))
        pairs = list(zip(cases, theirs.result(), ours.result()))
    counts = {"equal": 0, "wanted": 0, "wrong": 0}
    for case, their_cells, our_cells in pairs:
        their_text, our_text = ("\n".join(map(normal, cells)) for cells in (their_cells, our_cells))
        line, is_right = verdict(case, their_text, our_text)
        counts["wrong" if not is_right else "equal" if case.reason is None else "wanted"] += 1
        print(f"{case.name:44} {line}")
        if not is_right:
            print("    " + "\n    ".join(difflib.unified_diff(
                their_text.splitlines(), our_text.splitlines(), "Jupyter", "Harmonium", n=1, lineterm="")))
    print(f"\n{len(pairs)} cases: {counts['equal']} equal, {counts['wanted']} differ as wanted, {counts['wrong']} wrong")
    sys.exit(1 if counts["wrong"] else 0)


if __name__ == "__main__":
    main()
