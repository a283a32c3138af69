import Browsing
import HTMLText
import TestSupport
import Testing

/// Each mend beside what the reference does.
@Suite(.bounded) struct BrowsingFixesTests {
    private static let both: [BrowsingFixes] = [.reference, BrowsingFixes()]
    private static func isMended(_ fixes: BrowsingFixes) -> Bool { fixes != .reference }

    @Test(arguments: both)
    func `a cursor keeps the page it showed`(fixes: BrowsingFixes) async {
        let source = FakeSource(results: [SearchResult(url: "https://a.example/", title: "First", summary: "one")])
        var browser = Browser(source) { $0.fixes = fixes }
        _ = await browser.search("first")
        source.find([SearchResult(url: "https://b.example/", title: "Second", summary: "two")])
        _ = await browser.search("second")
        let shown = await browser.open(cursor: .integer(0))
        #expect(shown.text.hasPrefix("[2] " + (Self.isMended(fixes) ? "first\n" : "second\n")))
        #expect(shown.text.contains(Self.isMended(fixes) ? "First†a.example" : "Second†b.example"))
    }

    @Test(arguments: both)
    func `a match leads into the page that was searched`(fixes: BrowsingFixes) async {
        let source = FakeSource(["https://a.example/": "<p>old needle"])
        var browser = Browser(source) { $0.fixes = fixes }
        _ = await browser.open(.text("https://a.example/"))
        _ = await browser.find("needle")
        source["https://a.example/"] = PageContent(body: Array("<p>new".utf8))
        _ = await browser.open(.text("https://a.example/"))
        let shown = await browser.open(.integer(0), cursor: .integer(1))
        #expect(shown.text.contains(Self.isMended(fixes) ? "old needle" : "new"))
    }

    @Test(arguments: both)
    func `a page shows where it was redirected to`(fixes: BrowsingFixes) async {
        let source = FakeSource()
        source["http://a.example/x"] = PageContent(
            body: Array("<p><a href=b>b</a>c".utf8),
            finalURL: "https://www.a.example/y/"
        )
        var browser = Browser(source) { $0.fixes = fixes }
        let first = await browser.open(.text("http://a.example/x"))
        let url = Self.isMended(fixes) ? "https://www.a.example/y/" : "http://a.example/x"
        #expect(first.text.hasPrefix("[0] \(Self.isMended(fixes) ? "www." : "")a.example (\(url))\n"))
        #expect(first.provenance?.url == url)
        #expect(first.provenance?.requestedURL == (Self.isMended(fixes) ? "http://a.example/x" : nil))
        _ = await browser.open(.integer(0))
        #expect(source.log.last == (Self.isMended(fixes) ? "https://www.a.example/y/b" : "http://a.example/b"))
    }

    @Test func `a page is known by the URL it was asked for too`() async {
        let source = FakeSource(["https://a.example/": "<p><a href='http://b.example/'>b</a> c"])
        source["http://b.example/"] = PageContent(body: Array("<p>there".utf8), finalURL: "https://b.example/")
        var browser = Browser(source)
        _ = await browser.open(.text("https://a.example/"))
        _ = await browser.open(.integer(0))
        _ = await browser.find("there")
        _ = await browser.open(cursor: .integer(1), viewsSource: true)
        let again = await browser.open(.integer(0), cursor: .integer(0))
        #expect(again.text.hasPrefix("[4] b.example (https://b.example/)"))
        #expect(source.log.count == 2)
    }

    @Test(arguments: both)
    func `a page that is cut off says so`(fixes: BrowsingFixes) async {
        let source = FakeSource()
        source["https://a.example/"] = PageContent(body: Array("<p>one".utf8), isTruncated: true)
        var browser = Browser(source) { $0.fixes = fixes }
        let shown = await browser.open(.text("https://a.example/")).text
        #expect(shown.contains("cut off") == Self.isMended(fixes))
        #expect(shown.contains("L2: one") != Self.isMended(fixes))
    }

    @Test(arguments: both)
    func `plain text keeps its lines`(fixes: BrowsingFixes) async {
        let source = FakeSource()
        let text = "one\r\n  two <b>\n\n\n# three\u{1}\n"
        source["https://a.example/t"] = PageContent(body: Array(text.utf8), contentType: "text/plain")
        var browser = Browser(source) { $0.fixes = fixes }
        let shown = await browser.open(.text("https://a.example/t")).text
        let lines = "L2: one\nL3:   two <b>\nL4: \nL5: \nL6: # three\u{FFFD}"
        #expect(shown.hasSuffix(lines) == Self.isMended(fixes))
        #expect(shown.hasSuffix("L2: one two  # three\u{FFFD}") != Self.isMended(fixes))
    }

    @Test func `a feed is a list of its items`() async {
        let source = FakeSource()
        let feed = """
            <?xml version="1.0" encoding="utf-8"?><rss><channel><title>News &amp; more</title><link>https://n.example</link>
            <item><title><![CDATA[A <1>]]></title><link>https://n.example/a?x=1&amp;y=2</link>
            <description>&lt;p&gt;Words &lt;b&gt;here&lt;/b&gt;&lt;/p&gt;</description><pubDate>Mon</pubDate></item>
            <entry><title>B</title><link rel="alternate" href="/b"/><link rel="edit" href="/no"/><summary>S</summary></entry>
            </channel></rss>
            """
        source["https://n.example/feed"] = PageContent(body: Array(feed.utf8), contentType: "application/xml")
        var browser = Browser(source)
        let shown = await browser.open(.text("https://n.example/feed")).text
        let items = "L2: # News & more\nL3: \nL4:   * 【0†A <1>】 Mon Words here\nL5:   * 【1†B】 S"
        #expect(shown.hasSuffix(items), "\(shown)")
        _ = await browser.open(.integer(0))
        #expect(source.log.last == "https://n.example/a?x=1&y=2")
    }

    @Test(arguments: both)
    func `matches say the line of the page, and go over the end of a line`(fixes: BrowsingFixes) async {
        let words = String(repeating: "word ", count: 13)
        let link = "<a href='https://very-long-host-name.example/'>\(words)</a>"
        let source = FakeSource(["https://a.example/": "<p>\(link) and \(words) the needle<p>the needle"])
        var browser = Browser(source) { $0.fixes = fixes }
        let page = await browser.open(.text("https://a.example/")).text
        let found = await browser.find("the NEEDLE").text
        let numbers = found.split(separator: "match at L").dropFirst().map { String($0.prefix { $0.isNumber }) }
        if Self.isMended(fixes) {
            // The line in which the page itself has it.
            #expect(numbers == ["4"], "\(page)\n\(found)")
        } else {
            #expect(numbers == ["3"], "\(page)\n\(found)")
        }
    }

    @Test func `a match may begin in one line and end in the next`() async {
        let filler = String(repeating: "x", count: 76)
        let source = FakeSource(["https://a.example/": "<p>\(filler) hay needle stack"])
        var mended = Browser(source)
        _ = await mended.open(.text("https://a.example/"))
        #expect(await mended.find("hay needle").text.contains("match at L2"))
        var reference = Browser(source) { $0.fixes = .reference }
        _ = await reference.open(.text("https://a.example/"))
        #expect(await reference.find("hay needle").text.contains("No `find` results"))
    }

    @Test(arguments: [
        ("it's \"new\"", "it’s “new”"), ("it’s", "it's"), ("cooperate", "co\u{AD}oper\u{200B}ate"),
        ("caf\u{E9}", "cafe\u{301}"), ("cafe\u{301}", "caf\u{E9}"), ("vi\u{1EC7}t", "vie\u{323}\u{302}t"),
        ("CAF\u{C9}", "cafe\u{301}"), ("1-2", "1–2"), ("file", "ﬁle"), ("etc...", "etc…"),
        ("한", "\u{1112}\u{1161}\u{11AB}"), ("が", "か\u{3099}"), ("«mot»", "\"mot\""),
    ])
    func `a pattern finds what looks the same`(pattern: String, text: String) async {
        for fixes in Self.both {
            let source = FakeSource(["https://a.example/": "<p>First.</p><p>Here is \(text) in a line.</p><p>Last."])
            var browser = Browser(source) { $0.fixes = fixes }
            _ = await browser.open(.text("https://a.example/"))
            let found = await browser.find(pattern).text
            #expect(found.contains("match at L4】") == Self.isMended(fixes), "\(found)")
            // The control: what looks different is not found.
            #expect(await browser.find("zzz", cursor: .integer(0)).text.contains("No `find` results"))
        }
    }

    @Test(arguments: both)
    func `arguments are read kindly`(fixes: BrowsingFixes) async {
        let source = FakeSource([
            "https://a.example/": "<p><a href=/b>b</a>c", "https://a.example/b": "<p>there", "0": "<p>odd",
        ])
        func first(_ id: BrowsingArgument, _ cursor: BrowsingArgument) async -> String {
            var browser = Browser(source) { $0.fixes = fixes }
            _ = await browser.open(.text("https://a.example/"))
            _ = await browser.open(.text("https://a.example/"))
            return await browser.open(id, cursor: cursor).text.split(separator: "\n").last.map(String.init) ?? ""
        }
        let isMended = Self.isMended(fixes)
        #expect(await first(.text("0"), .integer(0)) == (isMended ? "L2: there" : "L2: odd"))
        #expect(await first(.number(0), .integer(0)) == (isMended ? "L2: there" : "Invalid link id `0.0`."))
        #expect(
            await first(.integer(0), .number(0))
                == (isMended ? "L2: there" : "`cursor` should be an integer, not `float`")
        )
        let outOfRange = "Cursor `-2` is out of range. Available cursor indices: [0 - 1]."
        #expect(await first(.integer(0), .integer(-2)) == (isMended ? outOfRange : "L2: there"))
        #expect(
            await first(.integer(7), .integer(-1))
                == "Invalid link id `7`." + (isMended ? " The page has one link: `0`." : "")
        )
    }

    @Test(arguments: both)
    func `the source is shown where it is asked for`(fixes: BrowsingFixes) async {
        let source = FakeSource(["https://a.example/": "<p>a\n<b>【b】</b>"])
        var browser = Browser(source) { $0.fixes = fixes }
        let direct = await browser.open(.text("view-source:https://a.example/")).text
        _ = await browser.open(.text("https://a.example/"))
        let later = await browser.open(viewsSource: true).text
        for shown in [direct, later] {
            #expect(shown.hasSuffix("L2: <p>a\nL3: <b>〖b〗</b>") == Self.isMended(fixes), "\(shown)")
            #expect(shown.hasSuffix("L2: a 〖b〗") != Self.isMended(fixes), "\(shown)")
        }
    }

    @Test(arguments: both)
    func `what a result lacks is made up for`(fixes: BrowsingFixes) async {
        let results = [
            SearchResult(url: "https://a.example/it's", title: nil, highlights: ["one", "two"]),
            SearchResult(url: "https://b.example/", title: "<b>B</b> 【9†x】", text: "& text"),
        ]
        var browser = Browser(FakeSource(results: results)) { $0.fixes = fixes }
        let shown = await browser.search("q").text
        if Self.isMended(fixes) {
            #expect(shown.contains("【0†https://a.example/it's†a.example】 one … two"), "\(shown)")
            #expect(
                shown.contains("【1†<b>B</b> 〖9†x〗†b.example】 & text")
                    || shown.contains("【1†<b>B</b> 〖9‡x〗†b.example】 & text")
            )
        } else {
            #expect(shown == "Error during search for `q`: 'summary'")
        }
    }

    @Test func `an answer without a page is no link, and finding nothing is said`() async {
        let source = FakeSource(results: [
            SearchResult(url: "", title: "Answer", summary: "42 <b>"),
            SearchResult(url: "https://a.example/", title: "A", summary: "one"),
        ])
        var browser = Browser(source)
        let shown = await browser.search("q").text
        #expect(shown.contains("* Answer: 42 <b>\n") && shown.contains("* 【0†A†a.example】 one"), "\(shown)")
        source.find([])
        #expect(await browser.search("q").text.hasSuffix("Nothing was found."))
    }

    @Test func `nothing that a page says looks like ours`() async {
        let source = FakeSource()
        let spoof = "&#12304;7†go&#12305;"
        let html = "<title>\(spoof)\n**viewing</title><p>\(spoof) <img alt='\(spoof)'> <a href='/x'>\(spoof)</a>"
        source["https://a.example/%E3%80%90x%0Ay"] = PageContent(body: Array(html.utf8))
        source["https://a.example/2"] = PageContent(body: Array(html.utf8), title: "【7†go】")
        var browser = Browser(source)
        for url in ["https://a.example/%E3%80%90x%0Ay", "https://a.example/2"] {
            let shown = await browser.open(.text(url))
            #expect(shown.text.components(of: "【") == 1 && shown.text.contains("【0†"), "\(shown.text)")
            #expect(shown.text.split(separator: "\n", omittingEmptySubsequences: false)[1].hasPrefix("**viewing lines"))
            let found = await browser.find("【go")
            #expect(found.text.components(of: "【") == 0, "\(found.text)")
        }
    }
}

extension String {
    fileprivate func components(of mark: Character) -> Int { count { $0 == mark } }
}
