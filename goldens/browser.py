"""Records sessions with gpt-oss's browser tool, and what its parts and Python's make of single inputs.

usage: browser.py FOLDER    writes FOLDER/browser: a file for each session, their pages in html, and units.json

Its real search backends are used; only what they would send to the network is answered here.
"""

import asyncio
import hashlib
import json
import logging
import pathlib
import sys
import urllib.parse

import common
import pages

SITE = "https://site.example"
UNIT_URL = "https://unit.example/dir/page.html"


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    common.use_vocabulary(folder / "vocabulary")
    logging.disable(logging.CRITICAL)
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    import units

    (folder / "browser/html").mkdir(parents=True, exist_ok=True)
    files = write_pages(folder / "browser")
    for scenario in scenarios(files):
        asyncio.run(record(folder / "browser", scenario))
    common.write(folder / "browser/units.json", units.all_units())


def write_pages(folder: pathlib.Path) -> dict[str, dict]:
    """Writes the pages; what the backends have of each, by its name."""
    stored = {}

    def add(name: str, body: bytes, encoding: str = "utf-8", title: str | None = None) -> None:
        (folder / f"html/{name}.html").write_bytes(body)
        stored[name] = {"html_file": f"html/{name}.html", "encoding": encoding, "title": title}

    for name, html in pages.SNIPPETS.items():
        add(name, html.encode())
    for name, sections in [("short story", 3), ("long report", 14), ("deep history", 40)]:
        add(name.replace(" ", "-"), pages.article(name, sections).encode())
    # Not part of a session: what the benchmarks open.
    add("megabyte", pages.article("a megabyte", 670).encode())
    for name in pages.CHARSETS:
        add(f"charset-{name}", pages.charset_page(name), name)
    return stored


def scenarios(files: dict[str, dict]) -> list[dict]:
    story, report, history = (f"{SITE}/{name}" for name in ("short-story", "long-report", "deep-history"))
    some = {url: files[url.removeprefix(f"{SITE}/")] for url in (story, report, history)}
    some |= {f"{SITE}/titled": files["short-story"] | {"title": "A title of the service’s"}}
    some |= {f"{SITE}/ref/0-0": files["lists"], f"{SITE}/gone": {"error": 410, "body": "Gone"}}
    found = [
        {"title": "Short story", "url": story, "summary": "A harbor & a lantern"},
        {"title": "Long report", "url": report, "summary": "Copper, signals\nand 漢字"},
        {"title": "Other <b>site</b>", "url": "https://other.example/x", "summary": ""},
    ]
    searches = {"lantern": found, "two words": found[:1], "nothing": [], "broken": {"error": 500, "body": "oops"}}
    you = {
        "lantern": {"results": {"web": [{"title": "W", "url": story, "snippets": ["one", "two's"]}],
                                "news": [{"title": "N", "url": report, "description": "news"}]}},
        "web": {"results": {"web": [{"title": "W", "url": story, "snippets": []}]}},
        "empty": {"results": {}},
    }
    sessions = [
        ("session-search", [search("lantern"), open_(0), find("lantern"), open_(0, 1), open_(2, 0), search("two words"), find("x")]),
        ("session-nothing", [find("x"), open_(), open_(0), open_(loc=3), search("nothing"), open_(0), find("a")]),
        ("session-broken", [search("broken"), open_(f"{SITE}/gone"), open_(f"{SITE}/missing"), search("not recorded"), open_(story)]),
        ("session-cursors", [open_(story), open_(report), open_(cursor=0), open_(cursor=5), open_(cursor=-2), open_(0, 0), find("stone", 1)]),
        ("session-links", [open_(story), open_(0), open_(1), open_(2), open_(99), open_("0"), open_(report), open_(3, 1)]),
        ("session-scroll", [open_(report)] + [open_(loc=line) for line in (10, 40, 41, 90, 5000, 0)]),
        ("session-lines", [open_(report), *(open_(loc=20, num_lines=count) for count in (1, 5, 500)), open_(num_lines=3)]),
        ("session-source", [open_(story, view_source=True), open_(view_source=True), find("section")]),
        ("session-title", [open_(f"{SITE}/titled"), open_(story), find("harbor")]),
        ("session-again", [open_(story), open_(story), open_(report), open_(story), open_(0, 1)]),
        ("session-find", [open_(history), *(find(pattern, 0) for pattern in
                          ("stone", "STONE", "漢字", "nowhere", "", "section 1", "a", "'", "【"))]),
        ("session-find-open", [open_(report), find("copper"), open_(0), open_(1, 1), find("copper", 1)]),
        ("session-long-url", [open_(f"{SITE}/{'x' * 1500}"), open_(story)]),
        ("session-history", [open_(history), *(open_(loc=line) for line in range(60, 700, 90))]),
    ]
    result = [scenario(name, "exa", some, searches, calls) for name, calls in sessions]
    result.append(scenario("session-you", "youcom", some, you, [
        search("lantern"), open_(0), search("web"), search("empty"), open_(report), open_(f"{SITE}/gone"), open_(f"{SITE}/missing")]))
    for tokens in (64, 200, 4096):
        calls = [open_(history), open_(loc=30), open_(loc=111), find("garden"), open_(report)]
        result.append(scenario(f"window-{tokens}", "exa", some, searches, calls, tokens))
    for name in pages.SNIPPETS:
        url = f"https://page.example/dir/{name}"
        result.append(scenario(f"page-{name}", "exa", {url: files[name]}, {}, [open_(url), open_(0), find("a")]))
    for name in pages.CHARSETS:
        url = f"https://page.example/{name}"
        result.append(scenario(f"charset-{name}", "exa", {url: files[f"charset-{name}"]}, {}, [open_(url)]))
    return result


def scenario(name: str, kind: str, stored: dict, searches: dict, calls: list[dict], view_tokens: int = 1024) -> dict:
    backend = {"kind": kind, "pages": stored, "searches": searches}
    return {"id": name, "backend": backend, "calls": calls, "view_tokens": view_tokens, "stable": True}


def search(query: str) -> dict:
    return {"fn": "search", "args": {"query": query}}


def find(pattern: str, cursor: int | None = None) -> dict:
    return {"fn": "find", "args": {"pattern": pattern} | ({} if cursor is None else {"cursor": cursor})}


def open_(id: object = None, cursor: int | None = None, **more: object) -> dict:
    given = {"id": id, "cursor": cursor, **more}
    return {"fn": "open", "args": {name: value for name, value in given.items() if value is not None}}


async def record(folder: pathlib.Path, case: dict) -> None:
    from gpt_oss.tools.simple_browser import simple_browser_tool as reference
    from gpt_oss.tools.simple_browser.simple_browser_tool import SimpleBrowserTool

    tool = SimpleBrowserTool(backend=backend(folder, case["backend"]), view_tokens=case["view_tokens"])
    for call in case["calls"]:
        try:
            messages = [message async for message in getattr(tool, call["fn"])(**call["args"])]
            call["output"] = messages[0].content[0].text
        except Exception as error:
            call |= {"raises": type(error).__name__, "message": str(error)}
        call["cursor_after"] = tool.tool_state.current_cursor
    case["page_stack_after"] = tool.tool_state.page_stack
    case["pages_after"] = {
        url: {
            "title": page.title,
            "urls": page.urls,
            "text_sha256": hashlib.sha256(page.text.encode("utf-8", "surrogatepass")).hexdigest(),
            "chars": len(page.text),
            "lines": len(reference.wrap_lines(page.text)),
            "has_snippets": page.snippets is not None,
        }
        for url, page in tool.tool_state.pages.items()
    }
    common.write(folder / f"{case['id']}.json", case)


def backend(folder: pathlib.Path, stored: dict):
    """The backend of the reference, whose requests are answered from `stored`."""
    from gpt_oss.tools.simple_browser.backend import BackendError, ExaBackend, YouComBackend

    kind = {"exa": ExaBackend, "youcom": YouComBackend}[stored["kind"]]

    def fail_if_broken(answer: object) -> None:
        if isinstance(answer, dict) and "error" in answer:
            raise BackendError(f"{kind.__name__} error {answer['error']}: {answer['body']}")

    def contents(url: str) -> list[dict]:
        page = stored["pages"].get(url)
        fail_if_broken(page)
        if page is None:
            return []
        html = (folder / page["html_file"]).read_bytes().decode(page["encoding"])
        return [{"text": html, "html": html, "title": page["title"]}]

    async def post(self, session, endpoint: str, payload: dict):
        if endpoint == "/search":
            answer = stored["searches"].get(payload["query"], [])
            fail_if_broken(answer)
            return {"results": answer}
        results = contents(payload["urls"][0])
        return results if kind is YouComBackend else {"results": results}

    async def get(self, session, endpoint: str, params: dict):
        return stored["searches"][params["query"]]

    kind._post, kind._get = post, get
    return kind(source="web")


if __name__ == "__main__":
    main()
