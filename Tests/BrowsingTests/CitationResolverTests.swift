import Browsing
import TestSupport
import Testing

@Suite(.bounded) struct CitationResolverTests {
    private static let urls = ["", "https://a.example/x", "https://b.example/y"]

    @Test func `text is given out as soon as it is sure`() {
        var resolver = CitationResolver(pageURLs: Self.urls)
        #expect(resolver.feed("See 【1†L2").text == "See ")
        #expect(resolver.hasPartial)
        let output = resolver.feed("-L4】, and")
        #expect(output.text == " ([a.example](https://a.example/x)) , and")
        #expect(output.annotations.map(\.lines) == [2...4])
        #expect(output.annotations.map(\.range) == [4..<40])
        #expect(resolver.feed(" 【2†L7】").annotations.map(\.lines) == [7...7])
        #expect(resolver.finish().text.isEmpty)
    }

    @Test(arguments: [
        ("https://en.example/wiki/A_(b)", " ([en.example](https://en.example/wiki/A_%28b%29)) "),
        ("https://a.example/x) [y](z", " ([a.example](https://a.example/x%29%20[y]%28z)) "),
        ("https://a.example/<x>\n", " ([a.example](https://a.example/%3Cx%3E%0A)) "),
        ("https://[::1]:80/x", #" ([\[::1\]:80](https://[::1]:80/x)) "#),
        ("https://a%5D(x.example/y", #" ([a\](x.example](https://a%5D%28x.example/y)) "#),
    ])
    func `no page's address ends its link too soon`(url: String, shown: String) throws {
        var resolver = CitationResolver(pageURLs: [url])
        let output = resolver.feed("【0†L1】")
        #expect(output.text == shown)
        let annotation = try #require(output.annotations.first)
        #expect(annotation.url == url)
        #expect(annotation.range == 0..<shown.unicodeScalars.count)
    }

    @Test func `what only begins like a citation is text`() {
        var resolver = CitationResolver(pageURLs: Self.urls)
        #expect(resolver.feed("a 【b").text == "a 【b")
        #expect(resolver.feed("【1").text.isEmpty)
        #expect(resolver.feed("x】").text == "【1x】")
        let long = "【1†" + String(repeating: "w", count: CitationResolver.heldBytesMax)
        #expect(resolver.feed(long).text == long)
    }

    @Test(arguments: [(true, "See "), (false, "See 【1†L2")])
    func `a citation that does not end is shown or left out`(hides: Bool, shown: String) {
        var resolver = CitationResolver(pageURLs: Self.urls, hidesPartial: hides)
        #expect(resolver.feed("See 【1†L2").text + resolver.finish().text == shown)
    }
}
