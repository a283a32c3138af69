/// What a server says it sends, and what the bytes say where that is not enough.
struct ContentType: Equatable, Sendable {
    /// In lower case, without parameters; empty if the server named none.
    let mediaType: String
    /// The encoding by its label.
    let charset: String?

    init(_ field: String?) {
        let field = String((field ?? "").prefix(ContentType.fieldLengthMax))
        mediaType = String(field[...].before(";").filter { $0 != " " && $0 != "\t" }.lowercased().prefix(128))
        charset = WebFetch.charset(inContentType: field)
    }

    /// Longer ones say nothing that anybody reads.
    private static let fieldLengthMax = 1024

    /// Whether there is no need to read on to know that it is not text.
    var isNeverText: Bool {
        ["image/", "audio/", "video/", "font/"].contains { mediaType.hasPrefix($0) }
    }

    /// Whether the server says that half of the bytes may be zero.
    private var isWide: Bool {
        switch charset.flatMap({ PageEncoding(label: $0) }) {
        case .utf16LittleEndian, .utf16BigEndian: true
        case .utf8, .legacy, .replacement, nil: false
        }
    }

    /// How to show a body at `path`; nil if it is not text.
    func kind(of body: [UInt8], path: String) -> FetchedPage.Kind? {
        if isNeverText { return nil }
        if mediaType == "application/pdf" || mediaType == "application/x-pdf" { return .pdf }
        if ContentType.unspecific.contains(mediaType) { return ContentType.sniffed(body, path) }
        if !isWide, ContentType.looksBinary(body) { return nil }
        switch mediaType {
        case "text/html", "application/xhtml+xml": return .html
        case "text/markdown", "text/x-markdown": return .markdown
        case "application/json", "text/json": return .json
        case "application/rss+xml", "application/atom+xml", "application/rdf+xml": return .feed
        case "application/xml", "text/xml": return ContentType.xmlKind(body)
        case "text/plain": return ContentType.isMarkdown(path) ? .markdown : .plain
        default: break
        }
        if mediaType.hasSuffix("+json") { return .json }
        if mediaType.hasSuffix("+xml") { return ContentType.xmlKind(body) }
        return mediaType.hasPrefix("text/") || ContentType.textual.contains(mediaType) ? .plain : nil
    }

    private static let unspecific: Set<String> = [
        "", "application/octet-stream", "binary/octet-stream", "unknown/unknown",
    ]

    /// Types of text outside `text/`.
    private static let textual: Set<String> = [
        "application/javascript", "application/x-javascript", "application/ecmascript", "application/typescript",
        "application/yaml", "application/x-yaml", "application/toml", "application/sql", "application/x-sh",
        "application/x-tex", "application/x-python", "application/x-ndjson", "application/jsonl", "application/graphql",
        "application/x-subrip", "application/x-httpd-php", "message/rfc822",
    ]

    private static func sniffed(_ body: [UInt8], _ path: String) -> FetchedPage.Kind? {
        if body.starts(with: Array("%PDF-".utf8)) { return .pdf }
        if looksBinary(body) { return nil }
        if isMarkdown(path) { return .markdown }
        let head = String(decoding: body.prefix(512).drop { $0.isHTMLSpace }, as: UTF8.self).lowercased()
        if head.hasPrefix("<?xml") { return xmlKind(body) }
        let isMarkup = ["<!doctype html", "<html", "<head", "<body", "<title", "<meta", "<!--"].contains {
            head.hasPrefix($0)
        }
        return isMarkup ? .html : .plain
    }

    /// Controls that no text has, near the beginning. UTF-16 has a mark there.
    private static func looksBinary(_ body: [UInt8]) -> Bool {
        if body.starts(with: [0xff, 0xfe]) || body.starts(with: [0xfe, 0xff]) { return false }
        return body.prefix(1024).contains { $0 < 0x09 || (0x0e...0x1a).contains($0) || (0x1c...0x1f).contains($0) }
    }

    private static func xmlKind(_ body: [UInt8]) -> FetchedPage.Kind {
        let head = String(decoding: body.prefix(2048), as: UTF8.self).lowercased()
        if head.contains("<rss") || head.contains("<feed") || head.contains("<rdf:rdf") { return .feed }
        return head.contains("<html") ? .html : .plain
    }

    private static func isMarkdown(_ path: String) -> Bool {
        path.hasSuffix(".md") || path.hasSuffix(".markdown")
    }
}
