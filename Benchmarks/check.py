"""Compares measurements with thresholds.json: how many times the peer's median ours has to be, in the same run.

usage: check.py FOLDER    FOLDER has the results of scripts/bench; exits with 1 where a ratio is too small or missing
"""

import json
import pathlib
import sys


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    thresholds = json.loads((pathlib.Path(__file__).parent / "thresholds.json").read_text(encoding="utf-8"))
    failed = 0
    for row in thresholds:
        ratio = measured(folder / f"{row['results']}.jsonl", row["peer"], row["what"])
        held = ratio is not None and ratio >= row["ratioMin"]
        failed += not held
        shown = "not measured" if ratio is None else f"{ratio:.1f}×"
        name = f"{row['what']}, to {row['peer']}"
        print(f"{'held' if held else 'FAILED':<7} {name:<52} {shown:>14}  at least {row['ratioMin']}×")
    print(f"{len(thresholds) - failed} of {len(thresholds)} thresholds held")
    sys.exit(1 if failed else 0)


def measured(path: pathlib.Path, peer: str, what: str) -> float | None:
    """The peer's median divided by ours; None where one of them is missing."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as lines:
        medians = {(result["who"].lower(), result["what"]): result["median"] for result in map(json.loads, lines)}
    own, other = medians.get(("harmonium", what)), medians.get((peer.lower(), what))
    return other / own if own and other else None


if __name__ == "__main__":
    main()
