internal import HTMLText
internal import WebFetch

/// What is said to the model beside the words of a page.
enum PageRemarks {
    /// How much of an error's page is quoted, in characters.
    private static let excerptMax = 500

    /// Why there is no page, with what the server says about it.
    static func text(of error: FetchError) -> String {
        guard let page = error.page, let excerpt = excerpt(of: page) else { return error.reason }
        return "\(error.reason). Its page says: “\(excerpt)”"
    }

    /// A paragraph about where `page` goes on to by itself; empty where it stays.
    static func onward(of page: FetchedPage) -> String {
        guard let onward = page.onward else { return "" }
        let when = onward.seconds == 1 ? "a second" : "\(onward.seconds) seconds"
        let failure = onward.failure.map { ", which could not be opened: \($0)" } ?? ""
        let before = onward.seconds == 0 ? "This page goes on to " : "After \(when), this page goes on to "
        guard page.kind == .html else { return "\n[\(before)\(onward.url)\(failure).]\n" }
        let url = onward.url.replacing("&", with: "&amp;")
        return "<p>[\(before)<a href=\"\(url)\">\(url)</a>\(failure.replacing("<", with: "&lt;")).]</p>"
    }

    /// The beginning of a page's words on one line, with the URLs of its links; nil if it has none.
    private static func excerpt(of page: FetchedPage) -> String? {
        let words = page.kind == .html ? rendered(page) : page.text
        let line = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !line.isEmpty else { return nil }
        guard line.unicodeScalars.count > excerptMax else { return line }
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(excerptMax))) + "…"
    }

    private static func rendered(_ page: FetchedPage) -> String {
        guard let shown = try? RenderedPage(source: Array(page.text.utf8), url: page.finalURL) else { return "" }
        let text = String(decoding: shown.text, as: UTF8.self).replacing(#/【(\d+)†([^】†]*)(?:†[^】]*)?】/#) { match in
            let url = Int(match.1).flatMap { $0 < shown.links.count ? shown.links[$0] : nil }
            return url.map { "\(match.2) <\($0)>" } ?? String(match.2)
        }
        return text.contains(shown.title) ? text : "\(shown.title): \(text)"
    }
}
