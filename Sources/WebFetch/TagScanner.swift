/// Goes through the tags that begin elements, past comments and past what is no markup to a browser that runs scripts.
struct TagScanner {
    struct Tag {
        /// In lower case.
        let name: String
        fileprivate let attributes: [String: String]

        /// The value of an attribute, by its name in lower case.
        subscript(name: String) -> String? { attributes[name] }
    }

    /// Elements whose content is text, or is not there for who runs scripts.
    private static let closed: Set<String> = [
        "script", "style", "title", "textarea", "noscript", "template", "xmp", "iframe", "noembed", "noframes",
    ]

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> Tag? {
        while let open = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = open + 1
            if stands("!--") {
                skip(past: "-->")
            } else if position < bytes.count, bytes[position].isLetter {
                let tag = readTag()
                if TagScanner.closed.contains(tag.name) { skip(past: "</\(tag.name)") }
                return tag
            }
        }
        return nil
    }

    private mutating func readTag() -> Tag {
        let name = text { !$0.isHTMLSpace && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }.lowercased()
        var attributes: [String: String] = [:]
        while let (name, value) = readAttribute() {
            // The first of a name counts.
            attributes[name] = attributes[name] ?? value
        }
        return Tag(name: name, attributes: attributes)
    }

    /// The next attribute of the tag; nil at its end.
    private mutating func readAttribute() -> (name: String, value: String)? {
        _ = text { $0.isHTMLSpace || $0 == UInt8(ascii: "/") }
        guard position < bytes.count, bytes[position] != UInt8(ascii: ">") else { return nil }
        var isFirst = true
        let name = text { byte in
            defer { isFirst = false }
            return !byte.isHTMLSpace && (isFirst || !"/>=".utf8.contains(byte))
        }
        _ = text(while: \.isHTMLSpace)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return (name.lowercased(), "") }
        position += 1
        _ = text(while: \.isHTMLSpace)
        return (name.lowercased(), TagScanner.unescaped(readValue()))
    }

    private mutating func readValue() -> String {
        guard position < bytes.count else { return "" }
        let quote = bytes[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return text { !$0.isHTMLSpace && $0 != UInt8(ascii: ">") }
        }
        position += 1
        defer { position = min(position + 1, bytes.count) }
        return text { $0 != quote }
    }

    /// What stands here for as long as `belongs` holds; goes past it.
    private mutating func text(while belongs: (UInt8) -> Bool) -> String {
        let start = position
        while position < bytes.count, belongs(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func stands(_ text: String) -> Bool {
        bytes.count - position >= text.utf8.count
            && zip(bytes[position...], text.utf8).allSatisfy { $0 == $1 || $0 | 0x20 == $1 && $0.isLetter }
    }

    private mutating func skip(past end: String) {
        while position < bytes.count, !stands(end) { position += 1 }
        position = min(position + end.utf8.count, bytes.count)
    }

    /// Without the references that stand in URLs.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        return text.replacing("&quot;", with: "\"").replacing("&#34;", with: "\"").replacing("&#39;", with: "'")
            .replacing("&apos;", with: "'").replacing("&amp;", with: "&").replacing("&#38;", with: "&")
    }
}
