import Browsing
import TestSupport
import Testing

@Suite(.bounded) struct BrowserTests {
    private static let page: KeyValuePairs = ["https://a.example/": "<title>A</title><p>one<p>two"]

    @Test func `a display says where it comes from`() async throws {
        let source = FakeSource()
        source["https://a.example/"] = PageContent(
            body: Array("<title>A</title><p>one<p hidden>two".utf8),
            contentType: "text/html",
            isTruncated: true,
            isRendered: true
        )
        var browser = Browser(source)
        let result = await browser.open(.text("https://a.example/"))
        #expect(
            result.text
                == """
                [0] A (https://a.example/)
                **viewing lines [0 - 4] of 4**

                L0: \("")
                L1: URL: https://a.example/
                L2: [The page is cut off: only the beginning of it was read.]
                L3: one
                L4: [The page is cut off here.]
                """
        )
        let provenance = try #require(result.provenance)
        #expect(provenance.cursor == 0)
        #expect(provenance.title == "A")
        #expect(provenance.contentType == "text/html")
        #expect(provenance.lines == 0..<5)
        #expect(provenance.lineCount == 5)
        #expect(provenance.isTruncated)
        #expect(provenance.isRendered)
        #expect(provenance.hasHiddenText)
        #expect(!result.isError)
    }

    @Test func `a page that is opened again by its URL is wanted as it is now`() async {
        let source = FakeSource(["https://a.example/": "<a href=/b>b</a>", "https://a.example/b": "<p>b"])
        var browser = Browser(source)
        _ = await browser.open(.text("https://a.example/"))
        _ = await browser.open(.integer(0))
        _ = await browser.open(.text("https://a.example/b"))
        _ = await browser.open(.text("https://a.example/"), viewsSource: true)
        #expect(
            source.log == ["https://a.example/", "https://a.example/b", "https://a.example/b", "https://a.example/"]
        )
        #expect(source.reloaded == ["https://a.example/b", "https://a.example/"])
    }

    @Test func `a page that cannot be had changes nothing`() async {
        var browser = Browser(FakeSource(Self.page))
        let result = await browser.open(.text("https://b.example/"))
        #expect(result.text == "Error fetching URL `https://b.example/`: no such page")
        #expect(result.isError)
        #expect(browser.pageURLs.isEmpty)
    }

    @Test func `a line that is not there is refused, and the cursor taken back`() async {
        var browser = Browser(FakeSource(Self.page))
        _ = await browser.open(.text("https://a.example/"))
        let result = await browser.open(line: 99)
        #expect(result.text == "Invalid location parameter: `99`. Cannot exceed page maximum of 4.")
        #expect(browser.pageURLs == ["https://a.example/"])
    }

    @Test func `the oldest page makes room, and says so when it is asked for`() async {
        let source = FakeSource()
        for number in 0..<4 { source["https://a.example/\(number)"] = PageContent(body: Array("<p>\(number)".utf8)) }
        var browser = Browser(source) { $0.pagesMax = 3 }
        for number in 0..<4 { _ = await browser.open(.text("https://a.example/\(number)")) }
        let dropped = await browser.open(cursor: .integer(0))
        #expect(
            dropped.text
                == "The page at cursor `0` was dropped to make room for newer ones. "
                + "Open its URL again: `https://a.example/0`."
        )
        #expect(await browser.open(cursor: .integer(1)).text.contains("L2: 1"))
        #expect(await browser.open(.text("https://a.example/0")).text.contains("L2: 0"))
    }

    @Test func `a page that is shown again is kept for longer`() async {
        let source = FakeSource()
        for number in 0..<4 { source["https://a.example/\(number)"] = PageContent(body: Array("<p>\(number)".utf8)) }
        var browser = Browser(source) { $0.pagesMax = 3 }
        for number in 0..<3 { _ = await browser.open(.text("https://a.example/\(number)")) }
        _ = await browser.open(cursor: .integer(0))
        _ = await browser.open(.text("https://a.example/3"))
        #expect(await browser.open(cursor: .integer(1)).isError)
        #expect(await browser.open(cursor: .integer(0)).text.contains("L2: 0"))
        for _ in 0..<5 { #expect(await !browser.find("0", cursor: .integer(0)).isError) }
    }

    @Test func `bytes are limited too, and the newest page is always kept`() async {
        let source = FakeSource()
        let long = "<p>" + String(repeating: "word ", count: 2000)
        for number in 0..<3 { source["https://a.example/\(number)"] = PageContent(body: Array(long.utf8)) }
        var browser = Browser(source) { $0.pageBytesMax = 30_000 }
        for number in 0..<3 { #expect(await !browser.open(.text("https://a.example/\(number)")).isError) }
        #expect(await browser.open(cursor: .integer(0)).isError)
        #expect(await !browser.open(cursor: .integer(2)).isError)
        #expect(await !browser.find("word").isError)
    }

    @Test func `URLs that only look alike are two pages`() async {
        let source = FakeSource(["https://a.example/\u{E9}": "<p>one", "https://a.example/e\u{301}": "<p>two"])
        var browser = Browser(source)
        #expect(await browser.open(.text("https://a.example/\u{E9}")).text.contains("L2: one"))
        #expect(await browser.open(.text("https://a.example/e\u{301}")).text.contains("L2: two"))
    }

    @Test func `without a vocabulary a window is estimated`() async {
        let source = FakeSource(["https://a.example/": "<pre>" + String(repeating: "line\n", count: 2000)])
        var browser = Browser(source) { $0.viewTokens = 100 }
        let lines = await browser.open(.text("https://a.example/")).provenance?.lines
        #expect(lines == 0..<30)
    }

    @Test func `a window may begin anywhere and be of any length`() async {
        var browser = Browser(FakeSource(["https://a.example/": "<pre>" + String(repeating: "line\n", count: 50)]))
        _ = await browser.open(.text("https://a.example/"))
        var request = Browser.OpenRequest()
        for (line, count, shown) in [(0, 1, 0..<1), (10, 5, 10..<15), (49, Int.max, 49..<52), (51, -1, 51..<52)] {
            request.line = line
            request.lineCount = count
            #expect(await browser.open(request).provenance?.lines == shown)
        }
    }

    @Test(arguments: [BrowsingFixes.reference, BrowsingFixes()])
    func `an empty pattern is in every line of the reference, and refused here`(fixes: BrowsingFixes) async {
        var browser = Browser(FakeSource(Self.page)) { $0.fixes = fixes }
        _ = await browser.open(.text("https://a.example/"))
        let found = await browser.find("")
        #expect(found.text.contains("# 【1†match at L4】") == (fixes == .reference))
        #expect(found.text.contains("find takes a string, \"pattern\"") == (fixes != .reference))
    }
}
