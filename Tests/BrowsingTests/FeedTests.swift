import Browsing
import TestSupport
import Testing

@Suite(.bounded) struct FeedTests {
    /// The lines that a feed with these children is shown as, below its title.
    private func lines(_ children: String, root: String = "feed") async -> [String] {
        let source = FakeSource()
        let feed = "<?xml version='1.0'?><\(root)>\(children)</\(root)>"
        source["https://n.example/"] = PageContent(body: Array(feed.utf8), contentType: "application/atom+xml")
        var browser = Browser(source)
        let shown = await browser.open(.text("https://n.example/")).text
        return shown.split(separator: "\n").map { String($0.replacing(#/^L\d+: */#, with: "")) }
    }

    @Test(arguments: [
        ("<title>A &amp; B</title>", "A & B"), ("<title type='html'>A &amp;amp; &lt;i&gt;B&lt;/i&gt;</title>", "A & B"),
        ("<title type=\"html\">it&amp;#8217;s &amp;lt;T&amp;gt;</title>", "it’s <T>"),
        ("<title type='text'>A &lt;b&gt; &amp;amp;</title>", "A <b> &amp;"),
        ("<title type='xhtml'><div xmlns='x'>A <em>b</em> &amp; c</div></title>", "A b & c"),
        ("<title>it&#8217;s &amp;#8220;so&amp;#8221; &lt;b&gt;</title>", "it’s “so” <b>"),
        ("<title><![CDATA[A &amp; <1>]]></title>", "A & <1>"), ("<a:title>A</a:title><title>B</title>", "A"),
        ("<source><title>No</title><link href='/no'/></source><title>A</title>", "A"),
        ("<source url='/no'/><title>A</title>", "A"),
    ])
    func `a title is read as its type says`(title: String, text: String) async {
        let shown = await lines("<title>F</title><entry>\(title)<link href='/a'/></entry>")
        #expect(shown.last == "* 【0†\(text)】", "\(shown)")
    }

    @Test(arguments: [
        ("<content type='xhtml'><div><p>One <b>two</b></p><p>three</p></div></content>", "One two three"),
        (
            "<content type='html'>&lt;p&gt;One &lt;i&gt;two&lt;/i&gt; <![CDATA[three]]>&lt;/p&gt;</content>",
            "One two three"
        ),
        ("<summary>One</summary><content type='xhtml'><div>two</div></content>", "One"),
        ("<content:encoded><![CDATA[<p>One</p>]]></content:encoded>", "One"),
        ("<content type='xhtml'><div>One<title>two</title><link href='/no'/></div></content>", "One"),
        ("<content type='xhtml'/><summary>One</summary>", "One"), ("<content type='xhtml'><p>One", "One"),
    ])
    func `a summary is text of whatever type it is`(summary: String, text: String) async {
        let shown = await lines("<entry><title>A</title><link href='/a'/>\(summary)</entry>")
        #expect(shown.last?.hasPrefix("* 【0†A】 \(text)") == true, "\(shown)")
    }

    @Test func `an entry after one with markup is an entry`() async {
        let first =
            "<entry><title type='xhtml'><div>A</div></title><content type='xhtml'><div>x</div></content></entry>"
        let shown = await lines("<title>F</title>\(first)<entry><title>B</title><link href='/b'/></entry>")
        #expect(shown.suffix(2) == ["* A x", "* 【0†B】"], "\(shown)")
    }
}
