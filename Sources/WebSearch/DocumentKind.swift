/// What a file of a corpus is, told by its name.
enum DocumentKind: Sendable {
    case html
    case markdown
    case plain
    case pdf

    /// nil if the file is none of these.
    init?(path: String) {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else {
            // README, copyright, NEWS: text, or found not to be when it is read.
            self = .plain
            return
        }
        switch name[dot...].dropFirst().lowercased() {
        case "html", "htm", "xhtml": self = .html
        case "md", "markdown": self = .markdown
        case "txt", "text", "rst", "adoc", "org": self = .plain
        case "pdf": self = .pdf
        default: return nil
        }
    }

    /// The media type of what `page(for:)` hands out.
    var contentType: String {
        switch self {
        case .html: "text/html"
        case .markdown: "text/markdown"
        case .plain, .pdf: "text/plain"
        }
    }
}
