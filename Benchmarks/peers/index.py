"""Measures the local index beside SQLite's full-text search with its own stemmer, on the same documents in one run.

usage: index.py HARMONIUM FOLDER    with what `harmonium index` is run by; one JSON object a line

The peer is what one writes in an hour: regular expressions for the markup, one table, and any word of a question.
"""

import gzip
import html
import json
import os
import pathlib
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

# A question, and what the paths of documents with its answer begin with.
QUESTIONS = [
    ("how do I find memory leaks in a C program", r"valgrind/html/(mc-manual|quick-start|QuickStart|manual-core|lk-)"),
    ("how can I detect data races between threads", r"valgrind/html/(hg|drd)-manual"),
    ("how do I count cache misses of my program", r"valgrind/html/(cg|cl)-manual"),
    ("how to run a child process from node and read its output", r"nodejs/api/child_process"),
    ("how do I create an HMAC of a string in JavaScript", r"nodejs/api/(web)?crypto"),
    ("how can I share memory between worker threads in Node.js", r"nodejs/api/worker_threads"),
    ("how do I make pip check the hashes of packages it downloads", r"python3-pip/html/.*(secure|repeatable|hash|guide|inst)"),
    ("where does pip keep its configuration file", r"python3-pip/html/.*config"),
    ("how does pip cache wheels", r"python3-pip/html/.*cach"),
    ("which environment variables does systemd understand", r"systemd/ENVIRONMENT"),
    ("how do I transform XML with a stylesheet from C", r"libxslt1-dev"),
    ("can zlib handle files larger than 4 GB", r"zlib1g-dev/FAQ"),
    ("how do I parse command line options in a shell script", r"util-linux/(getopt|examples)"),
    ("what is restricted bash", r"bash/RBASH"),
    ("how do I generate an RSA key or certificate with openssl", r"openssl/(HOWTO|README)"),
]
SHOWN = 5
BYTES_MAX = 8 << 20


def main() -> None:
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "documents"
        # The peer reads no PDF. Links are copied as such, for ours looks into no other directory either.
        without = shutil.ignore_patterns("*.pdf", "*.pdf.gz")
        shutil.copytree(pathlib.Path(sys.argv[2]).resolve(), folder, symlinks=True, ignore=without)
        documents = [path for path in folder.rglob("*") if is_document(path)]
        peer = Peer(f"{place}/peer.sqlite", folder, documents)
        ours = Ours(program, f"{place}/ours.sqlite", folder)
        asked = [(question, answer) for question, answer in QUESTIONS if peer.has(answer)]
        for who, index in [("Harmonium", ours), ("FTS5 with porter", peer)]:
            report(who, "documents indexed", index.wall, "s")
            report(who, "documents indexed, processor", index.processor, "s")
            report(who, "size of the index", index.size() / 1e6, "MB")
            right = sum(any(re.match(a, path) for path in index.search(q)[:SHOWN]) for q, a in asked)
            report(who, f"of {len(asked)} questions answered by the first {SHOWN}", right, "")


def is_document(path: pathlib.Path) -> bool:
    """Whether our index takes a file of this name."""
    if path.is_symlink() or not path.is_file():
        return False
    name = path.name.lower()
    if name.endswith(".gz"):
        name = name[:-3]
        if name.startswith("changelog"):
            return False
    known = re.search(r"\.(html?|xhtml|md|markdown|rst|txt|text|adoc|org)$", name)
    return bool(known or "." not in name or re.match("readme|news|faq|howto|install|copying", name))


class Peer:
    def __init__(self, file: str, folder: pathlib.Path, documents: list[pathlib.Path]) -> None:
        start, busy = time.monotonic(), processor(resource.RUSAGE_SELF)
        self.file = file
        self.table = sqlite3.connect(file)
        self.table.execute("CREATE VIRTUAL TABLE page USING fts5 (path, title, body, tokenize = 'porter')")
        for path in documents:
            raw = path.read_bytes()
            text = (gzip.decompress(raw) if path.suffix == ".gz" else raw)[:BYTES_MAX].decode("utf-8", "replace")
            if "\0" in text:
                continue
            title = text.lstrip().split("\n", 1)[0]
            if ".htm" in path.name:
                found = re.search("<title[^>]*>(.*?)</title>", text, re.S | re.I)
                title = html.unescape(found[1]) if found else ""
                text = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", text)
                text = html.unescape(re.sub("<[^>]*>", " ", text))
            row = (str(path.relative_to(folder)), title, text)
            self.table.execute("INSERT INTO page VALUES (?, ?, ?)", row)
        self.table.commit()
        self.wall = time.monotonic() - start
        self.processor = processor(resource.RUSAGE_SELF) - busy

    def search(self, question: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        sql = "SELECT path FROM page WHERE page MATCH ? ORDER BY rank LIMIT ?"
        return [path for (path,) in self.table.execute(sql, (words, SHOWN))]

    def has(self, answer: str) -> bool:
        return any(re.match(answer, path) for (path,) in self.table.execute("SELECT path FROM page"))

    def size(self) -> int:
        return os.path.getsize(self.file)


class Ours:
    def __init__(self, program: str, file: str, folder: pathlib.Path) -> None:
        self.program, self.file = program, file
        start, busy = time.monotonic(), processor(resource.RUSAGE_CHILDREN)
        self.run("add", str(folder), "--name", "docs")
        self.wall = time.monotonic() - start
        self.processor = processor(resource.RUSAGE_CHILDREN) - busy

    def search(self, question: str) -> list[str]:
        lines = self.run("search", question, "--count", str(SHOWN)).splitlines()
        return [line.split("\t")[0].removeprefix("local://docs/") for line in lines]

    def run(self, *arguments: str) -> str:
        # As the user who runs this, in whose folder the index is.
        options = ["--set", f"browser.index={self.file}", "--set", "privilege.user=root"]
        done = subprocess.run([self.program, "index", *arguments, *options], stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def size(self) -> int:
        return os.path.getsize(self.file)


def processor(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def report(who: str, what: str, value: float, unit: str) -> None:
    print(json.dumps({"who": who, "what": what, "unit": unit, "median": value, "p99": value, "runs": 1}))


if __name__ == "__main__":
    main()
