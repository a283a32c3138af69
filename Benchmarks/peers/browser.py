"""Measures the browser tool of gpt-oss, as BrowserBench measures ours: the same pages, one JSON object a line.

usage: browser.py PAGES VOCABULARY-TEXT RUNS    with the packages that `scripts/setup --bench` installs
"""

import asyncio
import hashlib
import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

import chz
from gpt_oss.tools.simple_browser import SimpleBrowserTool
from gpt_oss.tools.simple_browser.backend import Backend
from gpt_oss.tools.simple_browser.page_contents import process_html

URL = "https://bench.example/"
VOCABULARY_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
LINKS = (
    "<html><body><div>"
    + "".join(f"<a href='/page/{n}'>link number {n}</a> some text\n" for n in range(16_000))
    + "</div></body></html>"
)
# It takes half a minute.
LINK_RUNS = 1


@chz.chz
class OnePage(Backend):
    """A source with one page."""

    html: str

    async def search(self, query, topn, session):
        raise NotImplementedError

    async def fetch(self, url, session):
        return process_html(html=self.html, url=url, title=None, session=session, display_urls=True)


def main() -> None:
    folder, vocabulary, runs = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    pages = {path.name: path.read_bytes().decode("utf-8", "replace") for path in sorted(folder.glob("*.html"))}
    pages = {name: page for name, page in pages.items() if len(page.encode()) > 1000 and not page.startswith("<?xml")}
    # Seconds a time, and they differ little.
    times = [timed(lambda: [render(page) for page in pages.values()]) for _ in range(max(3, runs // 20))]
    report("pages to text", times)
    report("16 000 links in one parent", [timed(lambda: render(LINKS)) for _ in range(LINK_RUNS)])
    with tempfile.TemporaryDirectory() as cache:
        # Where tiktoken looks before it asks the network.
        shutil.copy(vocabulary, f"{cache}/{hashlib.sha1(VOCABULARY_URL.encode()).hexdigest()}")
        os.environ["TIKTOKEN_CACHE_DIR"] = cache
        asyncio.run(browse(max(pages.values(), key=lambda page: len(page.encode())), max(3, runs // 5)))


def render(page: str) -> None:
    process_html(html=page, url=URL, title=None, display_urls=True)


async def browse(page: str, runs: int) -> None:
    tool = SimpleBrowserTool(backend=OnePage(source="web", html=page))
    calls = {
        "open 1 MB": lambda: tool.open(id=URL),
        "scroll in 1 MB": lambda: tool.open(loc=5000),
        "find in 1 MB": lambda: tool.find(pattern="zzz is nowhere", cursor=0),
    }
    for what, call in calls.items():
        await run(call)  # The vocabulary is read once.
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            await run(call)
            times.append((time.perf_counter() - start) * 1000)
        report(what, times)


async def run(call) -> None:
    async for message in call():
        assert message.content[0].text.startswith("["), message.content[0].text


def timed(run) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def report(what: str, values: list[float]) -> None:
    p99 = sorted(values)[min(len(values) - 1, len(values) * 99 // 100)]
    line = {"who": "gpt-oss", "what": what, "unit": "ms", "median": statistics.median(values), "p99": p99, "runs": len(values)}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
