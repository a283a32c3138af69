"""Prints measurements as one table, with the machine and the command.

usage: report.py RESULTS.jsonl COMMAND
"""

import json
import os
import platform
import sys


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as lines:
        results = [json.loads(line) for line in lines]
    ours, *peers = dict.fromkeys(result["who"] for result in results)
    found = {(result["who"], result["what"]): result for result in results}

    rows = [["median (p99)", "unit", ours] + [cell for peer in peers for cell in (peer, "ratio")]]
    for what in dict.fromkeys(result["what"] for result in results):
        own = found.get((ours, what))
        row = [what, next(result["unit"] for result in results if result["what"] == what), figures(own)]
        for peer in peers:
            other = found.get((peer, what))
            row += [figures(other), f"{other['median'] / own['median']:.1f}×" if own and other else ""]
        rows.append(row)

    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    for row in rows:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
    runs = ", ".join(f"{result['who']} {result['what']}: {result['runs']}" for result in results if result["runs"] < 20)
    print(f"\nRatio: the peer's median to ours. Few runs: {runs or 'none'}.")
    print(f"Machine: {os.cpu_count()} cores, {cpu()}, {platform.system()} {platform.release()}. Command: {sys.argv[2]}")


def figures(result: dict | None) -> str:
    """The median, and where many values have a worst end, that too."""
    if result is None:
        return ""
    return number(result["median"]) + (f" ({number(result['p99'])})" if result["unit"] == "ms" else "")


def number(value: float) -> str:
    """Three digits, at least those before the point."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def cpu() -> str:
    """The model as the kernel names it."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
