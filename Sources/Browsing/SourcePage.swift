internal import HTMLText

/// A page as its source.
enum SourcePage {
    /// The lines of what `page` was rendered from; nil if nothing was kept.
    static func page(of page: Page) -> Page? {
        guard !page.origin.source.isEmpty,
            let shown = try? RenderedPage(plainText: page.origin.source, url: page.url, title: page.title)
        else { return nil }
        var origin = page.origin
        (origin.source, origin.requestedURL) = ([], nil)
        return Page(
            url: "view-source:" + page.url,
            title: page.title,
            text: Array("\nURL: view-source:\(page.url)\n".utf8) + shown.text,
            links: [],
            citedURL: page.citedURL,
            origin: origin
        )
    }
}
