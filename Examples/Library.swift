import Browsing
import Tokenizer

/// A few pages to search and to open.
struct Library: PageSource {
    let pages: [String: String]

    func search(_ query: String, count: Int) async throws(PageSourceFailure) -> [SearchResult] {
        pages.keys.sorted().prefix(count).map { SearchResult(url: $0, title: $0, text: query) }
    }

    func fetch(_ url: String, reloads: Bool) async throws(PageSourceFailure) -> PageContent {
        guard let html = pages[url] else { throw PageSourceFailure("there is no such page") }
        return PageContent(body: Array(html.utf8))
    }
}

/// Searches, opens the first result, finds a word and cites the page.
func read(_ library: Library, counting encoding: Encoding) async {
    var browser = Browser(source: library, encoding: encoding)
    print(await browser.search("lanterns").text)
    var first = Browser.OpenRequest()
    first.id = .integer(0)
    print(await browser.open(first).text)
    print(await browser.find("harbor").text)

    var resolver = CitationResolver(pageURLs: browser.citedURLs)
    print(resolver.feed("It was built in 1871【1†L4】.").text, resolver.finish().text)
}
