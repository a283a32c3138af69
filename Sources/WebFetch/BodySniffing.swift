/// What bytes are, whatever they are called: servers give names of their own to scripts, tables and documents.
enum BodySniffing {
    /// How much of a body is looked at, at either end.
    private static let bytesMax = 1024

    /// How to show `body`, of which nothing is known but where it is; nil if it is not text.
    static func kind(of body: [UInt8], path: String) -> FetchedPage.Kind? {
        if hasControls(body) { return nil }
        if isMarkdown(path) { return .markdown }
        let head = head(of: body)
        if ["<?xml", "<rss", "<feed", "<rdf:rdf", "<svg"].contains(where: head.hasPrefix) { return xmlKind(body) }
        return isMarkup(head) ? .html : .plain
    }

    static func xmlKind(_ body: [UInt8]) -> FetchedPage.Kind {
        let head = String(decoding: body.prefix(2 * bytesMax), as: UTF8.self).lowercased()
        if head.contains("<rss") || head.contains("<feed") || head.contains("<rdf:rdf") { return .feed }
        return head.contains("<html") ? .html : .plain
    }

    static func isMarkdown(_ path: String) -> Bool {
        path.hasSuffix(".md") || path.hasSuffix(".markdown")
    }

    /// Whether `body` is a PDF document: it begins as one or, after what a program wrote before it, ends as one too.
    static func isPDF(_ body: [UInt8]) -> Bool {
        let start = withoutMark(body.prefix(bytesMax)).drop { $0.isHTMLSpace || $0 == 0 }
        if isPDFVersion(start) { return true }
        let head = body.prefix(bytesMax)
        guard head.indices.contains(where: { isPDFVersion(head[$0...]) }) else { return false }
        let tail = body.suffix(bytesMax)
        return tail.indices.contains { tail[$0...].starts(with: "%%EOF".utf8) }
    }

    /// Whether text of any language has as many controls: what is compressed has one in ten bytes.
    static func isMostlyControls(_ body: [UInt8]) -> Bool {
        if hasWideMark(body) { return false }
        let head = body.prefix(bytesMax)
        return head.count(where: isControl) * 32 > head.count
    }

    private static func isPDFVersion(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.starts(with: "%PDF-".utf8) && bytes.dropFirst(5).first?.isDigit == true
    }

    private static func hasControls(_ body: [UInt8]) -> Bool {
        !hasWideMark(body) && body.prefix(bytesMax).contains(where: isControl)
    }

    /// A control that no text has; an escape begins what colors a terminal's.
    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x09 || (0x0e...0x1a).contains(byte) || (0x1c...0x1f).contains(byte)
    }

    private static func hasWideMark(_ body: [UInt8]) -> Bool {
        body.starts(with: [0xff, 0xfe]) || body.starts(with: [0xfe, 0xff])
    }

    private static func withoutMark(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes
    }

    /// The beginning in lower case, without blanks and a byte order mark; half of the bytes of UTF-16 are zeros there.
    private static func head(of body: [UInt8]) -> String {
        let start = body.prefix(bytesMax)
        let bytes = hasWideMark(body) ? start.dropFirst(2).filter { $0 != 0 }[...] : withoutMark(start)
        return String(decoding: bytes.drop(while: \.isHTMLSpace), as: UTF8.self).lowercased()
    }

    /// What browsers take for the beginning of HTML. Source: MIME Sniffing, the standard of the WHATWG.
    private static let markup = [
        "<!doctype html", "<html", "<head", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style",
        "<title", "<b", "<body", "<br", "<p", "<meta",
    ]

    private static func isMarkup(_ head: String) -> Bool {
        if head.hasPrefix("<!--") { return true }
        return markup.contains { tag in
            guard head.hasPrefix(tag) else { return false }
            let next = head.utf8.dropFirst(tag.utf8.count).first
            return next == UInt8(ascii: ">") || next?.isHTMLSpace == true
        }
    }
}
