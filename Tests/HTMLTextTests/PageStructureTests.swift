import HTMLText
import TestSupport
import Testing

/// Which pages are recognized as made by their scripts.
@Suite(.bounded) struct PageStructureTests {
    private static let nav = "<nav>\(String(repeating: "Products Pricing ", count: 40))</nav>"
    private static let bar = "<div class='site-nav'>\(String(repeating: "<a href=/x>Products</a> ", count: 40))</div>"
    private static let cookies = "<div id='cookie-banner'>\(String(repeating: "We value you. ", count: 40))</div>"
    private static let plain = "<div>\(String(repeating: "Products Pricing ", count: 40))</div>"
    private static let article = "<article>\(String(repeating: "It is written here. ", count: 60))</article>"
    private static let script = "<script src=/app.js></script>"

    @Test(arguments: [
        "<div id=root></div>", nav, bar, cookies, nav + "<div id=root></div>", plain + "<div id=app></div>",
        plain + "<div id='__next'><p>Loading…</p></div>", plain + "<app-root></app-root>", plain + "<main></main>",
        "<noscript>\(String(repeating: "You need scripts. ", count: 40))</noscript>",
        "<article style='visibility:hidden'>\(String(repeating: "It is written here. ", count: 60))</article>" + plain,
        plain + "<div hidden>\(String(repeating: "later ", count: 100))</div>",
        plain + "<script>\(String(repeating: "state=1;", count: 5000))</script>",
    ])
    func `a page that is empty without its scripts is recognized by its structure`(body: String) {
        #expect(PageStructure(source: Array("<html><body>\(body)\(Self.script)".utf8)).needsScripts)
        #expect(!PageStructure(source: Array("<html><body>\(body.replacing("<script>", with: "<p>"))".utf8)).hasScripts)
    }

    @Test(arguments: [
        article, nav + article, "<div id=root>\(article)</div>", nav + "<main>\(article)</main>",
        article + "<div hidden>menu</div>", article + "<div id=modal></div>", article + "<a id=content></a>",
        article + "<div class='header-anchor article-header'></div>" + cookies,
        article + "<script type='application/ld+json'>\(String(repeating: "{} ", count: 50000))</script>",
        "<x-a><template shadowrootmode=open>\(article)</template></x-a>",
        "<template id=B:0></template><div hidden id=S:0>\(article)</div><script>$RC('B:0','S:0')</script>",
    ])
    func `a page that has its text is not`(body: String) {
        #expect(!PageStructure(source: Array("<html><body>\(body)\(Self.script)".utf8)).needsScripts)
    }

    @Test func `data is no script`() {
        #expect(!PageStructure(source: Array("<p>a<script type=application/json>{}</script>".utf8)).hasScripts)
        #expect(PageStructure(source: Array("<p>a<script type=module>1</script>".utf8)).hasScripts)
    }
}
