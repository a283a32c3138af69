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
        mediaType != "image/svg+xml" && ["image/", "audio/", "video/", "font/"].contains { mediaType.hasPrefix($0) }
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
        if ["application/pdf", "application/x-pdf"].contains(mediaType) || BodySniffing.isPDF(body) { return .pdf }
        guard let declared = declaredKind(of: body, path: path) else { return BodySniffing.kind(of: body, path: path) }
        return !isWide && BodySniffing.isMostlyControls(body) ? nil : declared
    }

    /// How to show what is text by its type; nil where the bytes have to say.
    private func declaredKind(of body: [UInt8], path: String) -> FetchedPage.Kind? {
        switch mediaType {
        case "text/html", "application/xhtml+xml": return .html
        case "text/markdown", "text/x-markdown": return .markdown
        case "application/json", "text/json": return .json
        case "application/rss+xml", "application/atom+xml", "application/rdf+xml": return .feed
        case "application/xml", "text/xml": return BodySniffing.xmlKind(body)
        case "text/plain": return BodySniffing.isMarkdown(path) ? .markdown : .plain
        default: break
        }
        if mediaType.hasSuffix("+json") { return .json }
        if mediaType.hasSuffix("+xml") { return BodySniffing.xmlKind(body) }
        return mediaType.hasPrefix("text/") || mediaType.hasSuffix("javascript") ? .plain : nil
    }
}
