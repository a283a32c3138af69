"""HTML pages, whole and in snippets: the inputs of the browser's recorder."""

import common

WORDS = (
    "harbor lantern ledger stone theorem meadow voltage copper signal winter orbit archive canvas protocol garden kernel "
    "naïve façade Übergröße élan niño 漢字 かな交じり 한국어 привет мир γλώσσα शब्द word's well-known x--y (note) 3.14 1,000 A/B e\u0301"
).split()

# A snippet for each thing that a page can do.
SNIPPETS = {
    "paragraphs": "<p>One.</p><p>Two<br>lines.</p>\n\n<p>  Three   spaces\n and\tmore </p>",
    "headings": "<h1>A</h1><h2>B <b>b</b></h2><h3></h3><h4>D</h4><h5>E</h5><h6>F</h6>text",
    "lists": "<ul><li>a<li>b<ul><li>c</li></ul></li></ul><ol start=3><li>x</li><li>y<ol><li>z</li></ol></li></ol>",
    "definitions": "<dl><dt>Term</dt><dd>What it is</dd><dt>Other</dt><dd><p>More</p></dd></dl>",
    "tables": "<table><caption>C</caption><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></table>",
    "code": "<pre>def f():\n    return 1\n</pre><p>Use <code>f()</code> or <kbd>Ctrl</kbd>.</p><pre><code>a\n\n  b</code></pre>",
    "quotes": "<blockquote><p>Said <q>so</q>.</p><blockquote>deeper</blockquote></blockquote>",
    "emphasis": "<b>b</b><i>i</i> <em>e</em><strong>s</strong> <u>u</u> <s>s</s> <del>d</del><ins>i</ins> <small>x</small>",
    "scripts": "<sup>2</sup> m<sup>2</sup> H<sub>2</sub>O x<sup>a b</sup> <sup class=c>th</sup> <sup></sup>",
    "entities": "&lt;p&gt; &amp;amp; &copy; &nbsp;x&nbsp; &euro; &#8212; &#x1F600; &hellip; &unknown; &quot;q&quot; &apos;",
    "links": "<a href='/a'>one</a> <a href='b?c=d#e'>two</a> <a href='https://o.example/x'>three</a> <a href='#f'>four</a> "
             "<a href='mailto:a@b.example'>write</a> <a name=n>no link</a> <a href='/a'>one again</a>",
    "link-in-link": "<p><a href='/x'>a <b>bold</b> link <img src=i alt=pic></a> and <a href='/y'><img src=j></a></p>",
    "link-daggers": "<a href='/x'>a†b【c】</a> 【1†x】 ◼",
    "links-odd": "<a href=''>empty</a> <a href='//h.example/p'>scheme</a> <a href='http://'>none</a> <a href='ftp://f.example/'>ftp</a> "
                 "<a href='javascript:void(0)'>js</a> <a href=' /s '>spaces</a> <a href='?q=1'>query</a> <a href='../up'>up</a>",
    "arxiv": "<a href='https://arxiv.org/abs/1706.03762'>paper</a> <a href='https://export.arxiv.org/x'>other</a>",
    "images": "<img alt='A cat' src=c.png><img title=T><img alt='' src=x><img><p>x <img alt='in text'> y</p>",
    "math": "<p>Let <math><mi>x</mi><mo>=</mo><mn>1</mn></math> be.</p>",
    "forms": "<form><label>Name <input value=v></label><select><option>a<option>b</select><textarea>t</textarea><button>Go</button></form>",
    "head": "<html><head><title> The\n title </title><meta charset=utf-8></head><body>text</body></html>",
    "two-titles": "<html><head><title>First</title></head><body><svg><title>Second</title></svg>x</body></html>",
    "empty-title": "<html><head><title></title></head><body>x</body></html>",
    "abbreviations": "<p><abbr title='World Wide Web'>WWW</abbr> and <abbr>no title</abbr> <abbr title='World Wide Web'>WWW</abbr></p>",
    "rules": "a<hr>b<hr/>c",
    "details": "<details open><summary>Short</summary>Long</details><figure><img alt=f><figcaption>Cap</figcaption></figure>",
    "embeds": "<iframe src=x>in</iframe><object>o</object><video>v</video><noscript>n</noscript><canvas>c</canvas>",
    "blocks": "<div>a</div><div>b<div>c</div>d</div><section>e</section><article>f</article><nav>g</nav><footer>h</footer>",
    "unclosed": "<div><p>a<div>b<b>c<p>d</b>e</div><li>f<td>g",
    "mismatched": "<b><i>x</b>y</i></p></div>z",
    "attributes": "<p class=\"a b\" id='c' data-x=1 hidden>h</p><p style='display:none'>n</p><div title='a>b'>t</div>",
    "comments": "a<!-- one -->b<!-- two -- three -->c",
    "text": "just text", "one-tag": "<p>", "space": "   ", "nothing": "", "bare-less": "a < b and c > d", "doctype": "<!DOCTYPE html><p>x",
    "nested": "<div>" * 40 + "deep" + "</div>" * 40,
    "astral": "x😀y 𝒜 z\U00020000",
    "zero-width": "a\u200bb\u200cc\u200dd\ufeffe\u00adf",
    "white": "a\u00a0b\u3000c\u2003d\te\u2028f",
    "rtl": "<p dir=rtl>שלום עולם <b>مرحبا</b> 123</p>",
    "xml": "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>x</p></body></html>",
    "xml-encoding": "<?xml version='1.0' encoding='utf-8'?><html><body><p>x</p></body></html>",
    "base": "<html><head><base href='https://b.example/d/'></head><body><a href=x>x</a></body></html>",
    "wide-table": "<table>" + "".join(f"<tr><td>{n}</td><td>v{n}</td></tr>" for n in range(20)) + "</table>",
    "preformatted-html": "<pre>&lt;b&gt;x&lt;/b&gt;\n\ttab</pre>",
    "numbers-at-start": "<p>1. not a list</p><p>- nor this</p><p>+ this</p><p># that</p><p>* star * _under_ `tick`</p>",
}

BLOCKS = ["p", "div", "h2", "h3", "blockquote", "li", "section", "td", "pre"]
INLINE = ["b", "i", "em", "code", "span", "u", "sup", "sub", "small", "q", "strong"]


def snippets() -> dict[str, str]:
    """The hand-made ones, and many that are put together at random; each tag of those is closed."""
    random = common.seeded("snippets")
    return SNIPPETS | {f"random-{number}": fragment(random, 3) for number in range(400)}


def fragment(random, depth: int) -> str:
    parts = []
    for _ in range(random.randrange(1, 5)):
        kind = random.randrange(8)
        if kind < 3 or depth == 0:
            parts.append(" ".join(random.choice(WORDS) for _ in range(random.randrange(1, 12))))
        elif kind < 5:
            tag = random.choice(INLINE)
            parts.append(f"<{tag}>{fragment(random, depth - 1)}</{tag}>")
        elif kind < 7:
            tag = random.choice(BLOCKS)
            parts.append(f"<{tag}>{fragment(random, depth - 1)}</{tag}>")
        else:
            parts.append(random.choice([
                "<br>", "<hr>", "<img alt='pic'>", "<img>", "&amp;", "&nbsp;", "\n", "<!-- c -->", "<wbr>",
                f"<a href='/p/{random.randrange(9)}'>{random.choice(WORDS)}</a>",
                f"<a href='https://o.example/{random.randrange(9)}'>{random.choice(WORDS)} {random.choice(WORDS)}</a>",
                "<ul><li>a</li><li>b</li></ul>", "<table><tr><td>1</td><td>2</td></tr></table>",
            ]))
    return random.choice(["", " ", "\n"]).join(parts)


def article(seed: str, sections: int) -> str:
    """A page as sites have them: a bar of links, a title, sections, lists, a table, code and references."""
    random = common.seeded(seed)

    def words(count: int) -> str:
        return " ".join(random.choice(WORDS) for _ in range(count))

    parts = ["<nav><ul><li><a href='/'>Home</a></li><li><a href='/archive'>Archive</a></li></ul></nav>", f"<h1>{seed.title()}</h1>"]
    for number in range(sections):
        parts.append(f"<h2>Section {number}</h2>")
        for _ in range(random.randrange(1, 4)):
            link = f"<a href='/ref/{number}-{random.randrange(3)}'>{words(3)}</a>"
            parts.append(f"<p>{words(random.randrange(20, 90))} {link} {words(random.randrange(5, 40))}.</p>")
        parts.append(random.choice([
            "<ul>" + "".join(f"<li>{words(6)}</li>" for _ in range(4)) + "</ul>",
            "<table>" + "".join(f"<tr><td>{words(1)}</td><td>{n}</td></tr>" for n in range(4)) + "</table>",
            f"<pre>for x in range({number}):\n    print(x)\n</pre>",
            f"<blockquote>{words(25)}</blockquote>",
        ]))
    parts.append("<footer><a href='https://other.example/@me'>Elsewhere</a></footer>")
    return f"<!DOCTYPE html><html><head><title>{seed.title()}</title></head><body>{''.join(parts)}</body></html>"


# By the name of the character set: the bytes are not UTF-8.
CHARSETS = {
    "windows-1252": "Café “naïve” – €5", "iso-8859-2": "Zażółć gęślą jaźń", "koi8-r": "Съешь же ещё булок",
    "windows-1251": "Съешь же ещё этих", "shift_jis": "日本語のページ", "euc-jp": "日本語のページ", "gb18030": "中文网页标题",
    "big5": "中文網頁標題", "euc-kr": "한국어 페이지", "utf-8": "naïve 漢字 €",
}


def charset_page(name: str) -> bytes:
    text = CHARSETS[name]
    page = f"<html><head><meta charset='{name}'><title>{text}</title></head><body><p>{text}</p></body></html>"
    return page.encode(name)
