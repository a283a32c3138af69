"""Single inputs of the browser tool's parts, and of the parts of Python that it is built on, each with what comes out."""

import hashlib
import itertools
import json
import urllib.parse

from gpt_oss.tools.simple_browser import page_contents, simple_browser_tool

import common
import pages

ENCODING = "o200k_base"
UNIT_URL = "https://unit.example/dir/page.html"


def all_units() -> dict:
    return {
        "html": [{"id": name, "html": html, "expect": rendered(html)} for name, html in pages.snippets().items()],
        "wrap": [{"text": text, "lines": simple_browser_tool.wrap_lines(text)} for text in texts_to_wrap()],
        "window": list(windows()),
        "strip_links": [{"in": text, "out": simple_browser_tool.strip_links(text)} for text in LINKED],
        "citations": list(citations()),
        "urls": [joined(base, href) for base, href in itertools.product(BASES, HREFS)],
        "quote": [{"in": text, "out": urllib.parse.quote(text)} for text in TO_QUOTE],
        "unquote": [{"in": text, "out": urllib.parse.unquote(text)} for text in TO_UNQUOTE],
        "lower": [{"in": text, "out": text.lower()} for text in TO_LOWER],
        "token_lengths": token_lengths(),
    }


def rendered(html: str) -> dict:
    try:
        page = page_contents.process_html(html=html, url=UNIT_URL, title=None, display_urls=True)
    except Exception as error:
        return {"error": str(error)}
    return {"title": page.title, "text": page.text, "urls": page.urls}


# Where lines may break: hyphens, dashes, white space of all kinds, words that are too long.
WRAPPED = [
    "a", "of", "well-known", "--flag", "x--y", "a-b-c-d", "e-mail", "-", "--", "---", "—", "3-4", "½-½", "٣-٤", "naïve-té", "don't",
    "state-of-the-art", "(paren)", "end.", "http://example.org/a-b/c_d?e=f-g", "漢字漢字漢字", "e\u0301-e\u0301", "-5", "-f", "a_b-c",
    "supercalifragilistic" * 3, "\u00a0", "\u3000", "  ", "\t", "\u2009x", "x\u200by", "co-op-", "‐hyphen‐", "a-1", "1-a", "A-B",
]


def texts_to_wrap() -> list[str]:
    random = common.seeded("wrap")
    made = [" ".join(random.choice(WRAPPED) for _ in range(random.randrange(1, 45))) for _ in range(160)]
    edges = ["", "\n", "a\n\nb\n", "x" * 79, "x" * 80, "x" * 81, "x" * 200, "ab-" * 60, " " * 100, "a " * 60, "-" * 100, "x" * 79 + " y"]
    return made + edges


def windows():
    random = common.seeded("window")
    for number in range(40):
        text = "\n".join(" ".join(random.choice(pages.WORDS) for _ in range(random.randrange(0, 60))) for _ in range(random.randrange(1, 60)))
        if number % 4 == 0:
            text += " <|endoftext|> <|start|> " + "\u0080\ufffd😀" * 20
        lines = simple_browser_tool.wrap_lines(text)
        loc, count = random.randrange(len(lines)), random.choice([-1, -1, -1, 0, 5, 10_000])
        tokens = random.choice([1, 20, 100, 1024])
        end = simple_browser_tool.get_end_loc(loc, count, len(lines), lines, tokens, ENCODING)
        yield {"text": text, "loc": loc, "num_lines": count, "view_tokens": tokens, "total_lines": len(lines), "end_loc": end}


LINKED = [
    "", "plain", "a 【1†x】 b", "【1†x†h.example】", "x】 rest", "start 【12†cut", "【12†cut†h", "【", "】", "【1】", "【†x】", "【1†】", "【a†b】",
    "【1†a【2†b】c】", "【1†a】【2†b†c】 d 【3†e", "【1†L1-L4】", "【1†a\nb】",
]

STACK = ["", "https://a.example/x", "https://b.example/p%20q?x=%E6%97%A5", "https://a.example/x/find?pattern=z", "view-source:https://c.example/",
         "no-url", "https://user@h.example:8443/p"]
CITED = [
    "", "No citation.", "See 【1†L2】.", "【2†L1-L4】 and 【3†L9】", "【0†L1】", "【4†L1】【5†L1】【6†L1】", "【7†L1】", "【99†x】 【1†y】", "【1†L1", "x 【1", "【",
    "【1†L1†h】", "【1†】", "【01†L1】", "漢字😀【1†L1】漢字【2†L2】", "a【1†L1】【1†L1】b 【1†L", "【1†a【2†b】",
]


def citations():
    for text, hides in itertools.product(CITED, [False, True]):
        tool = simple_browser_tool.SimpleBrowserTool(backend=None)
        tool.tool_state.page_stack = list(STACK)
        out, annotations, partial = tool.normalize_citations(text, hide_partial_citations=hides)
        yield {"page_stack": STACK, "in": text, "hide_partial": hides, "out": out, "annotations": annotations, "has_partial": partial}


BASES = ["https://ex.example/dir/page.html", "http://ex.example", "https://ex.example/a;p=1/b;q?r#s", "", "https://user:pw@ex.example:8443/x/y/"]
HREFS = [
    "", "x", "/x", "./x", "../x", "../../../x", "x/", "x/.", "x/..", "?q", "#f", "x?q#f", "//o.example/y", "//o.example", "http:", "http:x", "http:///x",
    "https://o.example", "https://o.example/a/../b", "HTTPS://O.Example/A", "ftp://f.example/x", "mailto:a@b.example", "data:text/plain,x", "x:y",
    "https://o.example:80/x", "https://[::1]/x", "https://[::1", "https://o.example]/", "//[v1.x]/", "/a//b", "/a/./b/../c", ";p", "x;p=1",
    " x", "x y", "\tx\n", "é/漢", "%41/%zz", "https://o。example/x", "https://xn--bcher-kva.example/", "\\x\\y", "x?y?z", "x#y#z", "/?", "/#", ":x", "1:x",
]


def joined(base: str, href: str) -> dict:
    try:
        url = urllib.parse.urljoin(base, href)
        return {"base": base, "href": href, "joined": url, "domain": page_contents.get_domain(url), "error": None}
    except ValueError as error:
        return {"base": base, "href": href, "joined": None, "domain": None, "error": str(error)}


TO_QUOTE = ["", "a b", "a/b?c=d&e", "é漢😀", "~-._", "%", "\n\t\"'<>`{}|\\^", "+", "A1"]
TO_UNQUOTE = ["", "a%20b", "%E6%97%A5", "%e6%97", "%zz%4", "+", "%25%32%30", "é%20", "%F0%9F%98%80x", "a%00b", "%C3%28"]
TO_LOWER = ["ABC", "ÀÉÎ", "ΑΣ", "ΑΣΑ", "Σ", "İ", "ДОМ", "ǅ", "Ω", "K", "ẞ", "ﬁ", "Ⅷ", "Ꭰ", "𐐀", "a1B2"]


def token_lengths() -> dict:
    lengths = simple_browser_tool._tiktoken_vocabulary_lengths(ENCODING)
    text = json.dumps(lengths, separators=(",", ":"))
    samples = range(0, 199_998, 1_999)
    return {
        "n_vocab": len(lengths), "max": max(lengths), "argmax": lengths.index(max(lengths)), "sum": sum(lengths),
        "sha256_of_json_list": hashlib.sha256(text.encode()).hexdigest(),
        "samples": {str(id): lengths[id] for id in samples},
    }
