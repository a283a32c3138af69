#!/usr/bin/env python3
"""Writes the tables of characters and of named references that the browser tool is built on.

    scripts/generate-text-tables.py

The reference runs on CPython 3.13, whose Unicode is 15.1: any other version of Unicode is refused. What was written is
in the repository; run this only to change the format.
"""

import html.entities
import sys
import textwrap
import unicodedata

UNICODE = "15.1.0"
HEAD = "// Made by scripts/generate-text-tables.py from {}; do not edit.\n\n"


def main() -> None:
    if unicodedata.unidata_version != UNICODE:
        sys.exit(f"this Python has Unicode {unicodedata.unidata_version}, not {UNICODE}: use CPython 3.13")
    write("Sources/PythonText/CharacterTables.swift", characters())
    write("Sources/HTMLText/NamedReferenceTable.swift", named_references())


def characters() -> str:
    """The sets and the case mapping, as text that is read once."""
    word = ranges(lambda c: c.isalnum() or c == "_")
    decimal = ranges(str.isdecimal)
    return (
        HEAD.format(f"Unicode {UNICODE}, as CPython 3.13 has it")
        + "enum CharacterTables {\n"
        + member("Letters, numbers and `_`: `\\w` of a regular expression. Gap and length of each range, hexadecimal.",
                 "word", gaps(word))
        + member("Decimal digits: `\\d` of a regular expression. Gap and length of each range, hexadecimal.",
                 "decimal", gaps(decimal))
        + member("Lower case: first, count, step and distance of each run, hexadecimal. U+0130 becomes two and is not here.",
                 "lowercase", " ".join(case_runs()), last=True)
        + "}\n"
    )


def named_references() -> str:
    """Every named character reference of HTML: the name, `=`, its scalars in hexadecimal with `+` between."""
    entries = " ".join(
        name + "=" + "+".join(f"{ord(c):x}" for c in value) for name, value in sorted(html.entities.html5.items())
    )
    return (
        HEAD.format("the list in the HTML standard, as CPython's html.entities has it")
        + "enum NamedReferenceTable {\n"
        + member("Each name in order of its bytes, `=`, and its scalars, hexadecimal with `+` between.",
                 "entries", entries, last=True)
        + "}\n"
    )


def ranges(holds) -> list[tuple[int, int]]:
    """First and one past the last of each range of characters for which `holds` says yes."""
    found, start = [], None
    for code in range(0x110001):
        inside = code < 0x110000 and holds(chr(code))
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            found.append((start, code))
            start = None
    return found


def gaps(found: list[tuple[int, int]]) -> str:
    words, end = [], 0
    for first, last in found:
        words += [f"{first - end:x}", f"{last - first:x}"]
        end = last
    return " ".join(words)


def case_runs() -> list[str]:
    """Runs of characters at one distance from each other whose lower case is at one distance from them."""
    pairs = [(c, ord(chr(c).lower()) - c) for c in range(0x110000) if len(chr(c).lower()) == 1]
    pairs = [(c, distance) for c, distance in pairs if distance]
    runs: list[list[int]] = []
    for code, distance in pairs:
        if runs and runs[-1][3] == distance:
            first, count, step, _ = runs[-1]
            gap = code - (first + (count - 1) * step)
            if (count == 1 and gap <= 2) or gap == step:
                runs[-1] = [first, count + 1, gap, distance]
                continue
        runs.append([code, 1, 1, distance])
    return [f"{first:x} {count:x} {step:x} {'-' if distance < 0 else ''}{abs(distance):x}"
            for first, count, step, distance in runs]


def member(comment: str, name: str, text: str, last: bool = False) -> str:
    lines = textwrap.wrap(text, 110, break_long_words=False, break_on_hyphens=False)
    body = "".join(f"        {line}{' ' if n + 1 < len(lines) else ''}\\\n" for n, line in enumerate(lines))
    note = "".join(f"    /// {line}\n" for line in textwrap.wrap(comment, 112))
    return f'{note}    static let {name} = """\n{body.rstrip(chr(10)).rstrip(chr(92))}\n        """\n' + ("" if last else "\n")


def write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    print(path, len(text.splitlines()), "lines")


if __name__ == "__main__":
    main()
