internal import HTMLText
internal import PythonText

/// The page that shows where a pattern stands in another.
enum FoundPage {
    /// `pattern` is in lower case.
    static func page(of pattern: [UInt8], in page: Page, fixes: BrowsingFixes) -> Page {
        let matches = Finding.matches(of: pattern, in: page.wrapped, fixes: fixes)
        let shown = fixes.html.contains(.guardsMarks) ? Marks.guarded(pattern) : pattern
        let said = String(decoding: shown, as: UTF8.self)
        var text: [UInt8] = []
        for (number, match) in matches.enumerated() {
            if number > 0 { text += [0x0A, 0x0A] }
            text += "# 【\(number)†match at L\(match.line)】\n".utf8
            text += match.shown
        }
        if matches.isEmpty { text = Array("No `find` results for pattern: `\(said)`".utf8) }
        var origin = page.origin
        (origin.source, origin.requestedURL) = ([], nil)
        return Page(
            url: page.url + "/find?pattern=" + String(decoding: PercentEncoding.quote(pattern), as: UTF8.self),
            title: "Find results for text: `\(said)` in `\(page.title)`",
            text: text,
            links: matches.map { _ in page.url },
            matchLines: matches.map(\.line),
            searched: page,
            citedURL: page.citedURL,
            origin: origin
        )
    }
}
