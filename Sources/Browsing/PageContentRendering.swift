internal import HTMLText

/// What came, as a page.
enum PageContentRendering {
    /// Some milliseconds of work for a large page, and none of the caller's actor.
    @concurrent
    static func page(
        from fetched: PageContent,
        askedFor url: String,
        fixes: BrowsingFixes
    ) async throws(PageSourceFailure) -> Page {
        let isElsewhere = fixes.followsRedirects && fetched.finalURL != nil && fetched.finalURL != url
        let final = fixes.followsRedirects ? fetched.finalURL ?? url : url
        var origin = Page.Origin(
            requestedURL: isElsewhere ? url : nil,
            contentType: fetched.contentType,
            isTruncated: fetched.isTruncated,
            isRendered: fetched.isRendered
        )
        if fixes.showsSource { origin.source = fetched.body }
        let shown = fixes.html.contains(.guardsMarks) ? Marks.guarded(Array(final.utf8)) : Array(final.utf8)
        let head = Array("\nURL: ".utf8) + shown + [0x0A]
        do throws(RenderedPage.Failure) {
            let rendered = try render(fetched, url: final, fixes: fixes)
            origin.isTruncated = origin.isTruncated || rendered.isTruncated
            origin.hasHiddenText = rendered.hasHiddenText
            let isCut = fixes.tellsTruncation && origin.isTruncated
            return Page(
                url: final,
                title: rendered.title,
                text: isCut ? head + cutOff + rendered.text + cutOffHere : head + rendered.text,
                links: rendered.links,
                origin: origin
            )
        } catch {
            throw PageSourceFailure(error.message)
        }
    }

    private static let cutOff = Array("[The page is cut off: only the beginning of it was read.]\n".utf8)
    private static let cutOffHere = Array("\n[The page is cut off here.]".utf8)

    private static func render(
        _ fetched: PageContent,
        url: String,
        fixes: BrowsingFixes
    ) throws(RenderedPage.Failure) -> RenderedPage {
        let format = PageFormat(contentType: fetched.contentType, body: fetched.body)
        switch fixes.showsOtherFormats ? format : .html {
        case .html: return try RenderedPage(source: fetched.body, url: url, title: fetched.title, fixes: fixes.html)
        case .plainText: return try RenderedPage(plainText: fetched.body, url: url, title: fetched.title)
        case .feed:
            return try RenderedPage(source: Feed.html(fetched.body), url: url, title: fetched.title, fixes: fixes.html)
        }
    }
}
