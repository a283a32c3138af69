/// What a file of a corpus is, by its name.
struct DocumentKind: Equatable, Sendable {
    enum Format: Sendable {
        case html
        case markdown
        case restructured
        case plain
        case pdf
    }

    let format: Format
    /// Whether the file is compressed by gzip.
    let isCompressed: Bool

    /// nil if the file is no document.
    init?(path: String) {
        var name = (path.split(separator: "/").last ?? "").lowercased()
        isCompressed = name.hasSuffix(".gz")
        if isCompressed {
            name.removeLast(3)
            // Of Debian's packages, each has one or two: they have every word, and answer no question.
            if name.hasPrefix("changelog") { return nil }
        }
        guard let dot = name.lastIndex(of: ".") else {
            // README, copyright, NEWS: text, or found not to be when it is read.
            format = .plain
            return
        }
        switch name[dot...].dropFirst() {
        case "html", "htm", "xhtml": format = .html
        case "md", "markdown": format = .markdown
        case "rst": format = .restructured
        case "txt", "text", "adoc", "org": format = .plain
        case "pdf": format = .pdf
        default:
            // README.Debian, NEWS.old, FAQ.en
            guard Self.texts.contains(where: name.hasPrefix) else { return nil }
            format = .plain
        }
    }

    private static let texts = ["readme", "news", "faq", "howto", "install", "copying"]

    /// The media type of what `page(for:)` hands out.
    var contentType: String {
        switch format {
        case .html: "text/html"
        case .markdown: "text/markdown"
        case .restructured, .plain, .pdf: "text/plain"
        }
    }
}
