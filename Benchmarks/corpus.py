"""Gathers mixed text from what is installed on this machine: documents, programs, and writing of many languages.

usage: corpus.py TARGET    12 MB, or less if there is not so much; the same each time on the same machine
"""

import gzip
import pathlib
import sys

BYTES_MAX = 12_000_000
FILE_BYTES_MAX = 50_000
# Folders, what their files are called, and which part of the whole they make up.
SOURCES = [
    ("/usr/lib/python3", "*.py", 0.25),
    ("/usr/share/perl", "*.p[mo]*", 0.2),
    ("/usr/share/doc", "*", 0.25),
    ("/usr/include", "*.h", 0.1),
    ("/usr/share/perl", "*.pl", 0.05),
    ("/usr/share/i18n/locales", "*", 0.15),
]


def main() -> None:
    parts = []
    for folder, pattern, share in SOURCES:
        left = int(BYTES_MAX * share)
        files = sorted(path for path in pathlib.Path(folder).rglob(pattern) if path.is_file())
        # From all over the folder, not only from its front.
        step = max(1, sum(min(path.stat().st_size, FILE_BYTES_MAX) for path in files) // max(left, 1))
        for path in files[::step]:
            if left <= 0:
                break
            text = read(path)[:FILE_BYTES_MAX][:left]
            parts.append(text)
            left -= len(text)
    # What is cut within a character, and what is no UTF-8 at all, becomes U+FFFD: all encoders take that.
    corpus = b"".join(parts).decode("utf-8", "replace").encode()
    pathlib.Path(sys.argv[1]).write_bytes(corpus)


def read(path: pathlib.Path) -> bytes:
    """Nothing, if it is no text."""
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, ValueError):
        return b""
    return b"" if b"\0" in data else data


if __name__ == "__main__":
    main()
