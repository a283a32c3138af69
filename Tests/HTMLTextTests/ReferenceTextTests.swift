import HTMLText
import TestSupport
import Testing

/// What the reference makes of each element, as it was seen to do.
@Suite(.bounded) struct ReferenceTextTests {
    @Test(arguments: [
        ("<p>x\n1. b\n + c\n- d\n-- e</p>", "x 1\\. b \\+ c \\- d \\-- e"),
        ("a\\b \\* \\_ \\x", "a\\b \\\\* \\\\_ \\x"),
        ("<ol start=' 1_0 '><li>a<li>b</ol>", "10. a \n  11. b"),
        ("<ol start=x><li>a</ol>", "1. a"),
        ("<pre>\n a\n  b</pre>c", "a\n      b \n\nc"),
        ("<ul><li><pre>a\n b</pre></ul>", "* a\n         b"),
        ("<ol><li>x<pre>a\n b</pre>y</ol>", "1. x \n\n         a\n          b \n\ny"),
        ("<blockquote>a<blockquote>b</blockquote>c</blockquote>d", "> a \n>\n>> b \n> \n> c \n\nd"),
        ("<blockquote>y<pre></pre>x</blockquote>", "> y \n> \n> \nx"),
        ("<ol><li>a<ul><li>b<ol><li>c</ol></ul></ol>", "1. a \n     * b \n       1. c"),
        ("<dl><dt>a<dd>b<p>c</dl>", "a \n    b \n\nc"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "a b   \nc   \nd"),
        ("<h1>a<br>b</h1>c<br>d<hr>e", "# a   \nb \n\nc   \nd \n\n* * *\n\ne"),
        ("<code>*a* 1. b</code> <kbd>c</kbd><tt>d</tt>", "`*a* 1. b` `c ``d`"),
        ("<q>a <q>b</q></q>", "\"a \"b\"\""),
        ("<s>a</s>b<del>c</del> d <s> e </s>(f)", "~~a~~ b ~~c~~ d ~~e~~(f)"),
        ("x~<s>a</s>;b", "x~ ~~a~~ ;b"),
        ("<abbr title='x y'>AB</abbr> z<abbr title=q>C<i>D</i></abbr>", "AB z C D\n  *[AB]: x y\n  *[C D]: q"),
        ("a<sup><a href='#1'>1</a></sup>b<sub>i</sub>z<sup>a b</sup>", "a^{1}b_{i}z a b"),
        ("x<b>y</b>z <b>(x)</b>w", "x y z (x)w"),
        ("a<!-- c -->b<!-- > -->c<!--[if IE]><!-->d", "a bc d"),
        ("<p<b>bold</b>", "bold"),
        ("<p>a &nbsp; b\u{3000}c\r\nd", "a b c d"),
        ("<script>x</script>y<style>z</style>w<textarea>a<b>&amp;</textarea>", "y w a<b>&"),
        ("<a href=/1>a<div><a href=//h.example/2>b</a>c</div></a>d", "【0†a b c】d"),
        ("<img alt=x><img title=y><img alt='' title=z><img>", "[Image 0: x][Image 1: y][Image 2][Image 3]"),
        ("<p>Let <math>x</math> be<b>c</b>", "Let c"),
        ("a<body>b</body>c", "abc"),
        ("&#x80;&#0;&#xd800;&notit;&copy=&CounterClockwiseContourIntegral;", "€��¬it;©=∳"),
        ("<ul>x<li>a</ul><ul><li>b</ul>c", "x \n  * a \n\n  * b \n\nc"),
    ])
    func `an element becomes the text that the models know`(html: String, text: String) throws {
        let page = try RenderedPage(source: Array(html.utf8), url: "https://u.example/", fixes: .reference)
        #expect(String(decoding: page.text, as: UTF8.self) == text)
    }

    @Test(arguments: [
        ("", "Document is empty"), ("<!-- c -->", "Document is empty"),
        (
            "<?xml version='1.0' encoding='x'?><p>a",
            "Unicode strings with encoding declaration are not supported. Please use bytes input or XML fragments "
                + "without declaration."
        ),
        (
            "<p>\u{1}<a href=/x>a</a>",
            "All strings must be XML compatible: Unicode or ASCII, no NULL bytes or control characters"
        ),
    ])
    func `a page that the reference refuses is refused in its words`(html: String, message: String) {
        let failure = #expect(throws: RenderedPage.Failure.self) {
            try RenderedPage(source: Array(html.utf8), url: "https://u.example/", fixes: .reference)
        }
        #expect(failure?.message == message)
    }

    @Test func `a page at a URL that cannot be split is refused`() {
        let failure = #expect(throws: RenderedPage.Failure.self) {
            try RenderedPage(source: Array("<p>a".utf8), url: "http://[x/")
        }
        #expect(failure?.message == "Invalid IPv6 URL")
    }

    @Test func `bytes that are no UTF-8 are shown as U+FFFD`() throws {
        let source: [UInt8] = [0x61, 0xFF, 0xE2, 0x82, 0x62, 0xF0, 0x9F, 0x98, 0xC0, 0x80]
        let page = try RenderedPage(source: source, url: "")
        #expect(String(decoding: page.text, as: UTF8.self) == "a\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}")
    }

    @Test func `a link goes by one number however often it is there`() throws {
        let html = "<p><a href=/a>1</a> <a href='/b#x'>2</a> <a href='../a'>3</a> <a href='mailto:q@r'>4</a>"
        let page = try RenderedPage(source: Array(html.utf8), url: "https://u.example/d/", fixes: .reference)
        #expect(String(decoding: page.text, as: UTF8.self) == "【0†1】 【1†2】 【0†3】 4")
        #expect(page.links == ["https://u.example/a", "https://u.example/b#x"])
    }
}
