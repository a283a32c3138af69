/// Looks for `<meta charset>` before anything of a page can be read, as the HTML standard does it.
///
/// The standard looks at the first kilobyte, and reads a page again whose parser meets a late one. Here there is one look,
/// long enough for late ones; what stands in scripts and styles is skipped, as a parser skips it.
struct MetaPrescan {
    static let bytesMax = 256 << 10

    private let bytes: [UInt8]
    private var position = 0

    /// What the first bytes of a page say about its encoding.
    static func encoding(in page: [UInt8]) -> PageEncoding? {
        var prescan = MetaPrescan(bytes: Array(page.prefix(bytesMax)))
        return prescan.run()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func run() -> PageEncoding? {
        while let open = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = open
            if stands("<!--") {
                // A comment may be as short as `<!-->`.
                position += 2
                skip(past: "-->")
            } else if stands("<meta"), isEnd(at: position + 5) {
                position += 5
                if let encoding = readMeta() { return encoding }
            } else if stands("</") || isLetter(at: position + 1) {
                let raw = MetaPrescan.rawText.first { stands("<\($0)") && !isLetter(at: position + 1 + $0.utf8.count) }
                position += stands("</") ? 2 : 1
                while position < bytes.count, !isEnd(at: position), current != UInt8(ascii: ">") { position += 1 }
                while readAttribute() != nil {}
                if let raw { skipRawText(of: raw) }
            } else if stands("<!") || stands("<?") {
                skip(past: ">")
            } else {
                position += 1
            }
        }
        return nil
    }

    /// Elements in which tags are text.
    private static let rawText = ["script", "style", "title", "textarea"]

    /// Goes to the end tag of an element in which tags are text.
    private mutating func skipRawText(of name: String) {
        while let next = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = next
            if stands("</\(name)") { return }
            position += 1
        }
        position = bytes.count
    }

    private mutating func readMeta() -> PageEncoding? {
        var attributes: [String: String] = [:]
        while let attribute = readAttribute() {
            let name = text(attribute.name)
            if attributes[name] == nil { attributes[name] = text(attribute.value) }
        }
        if let label = attributes["charset"] { return PageEncoding(label: label)?.asDeclared }
        guard attributes["http-equiv"] == "content-type", let content = attributes["content"] else { return nil }
        return charset(inContentType: content).flatMap { PageEncoding(label: $0) }?.asDeclared
    }

    /// The next attribute of the tag; nil at its end.
    private mutating func readAttribute() -> (name: Range<Int>, value: Range<Int>)? {
        while position < bytes.count, current.isHTMLSpace || current == UInt8(ascii: "/") { position += 1 }
        guard position < bytes.count, current != UInt8(ascii: ">") else { return nil }
        let nameStart = position
        while position < bytes.count, !current.isHTMLSpace, !"/>=".utf8.contains(current) || position == nameStart {
            position += 1
        }
        let name = nameStart..<position
        skipSpaces()
        guard position < bytes.count, current == UInt8(ascii: "=") else { return (name, position..<position) }
        position += 1
        skipSpaces()
        return (name, readValue())
    }

    private mutating func readValue() -> Range<Int> {
        guard position < bytes.count else { return position..<position }
        let quote = current
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = position
            while position < bytes.count, !current.isHTMLSpace, current != UInt8(ascii: ">") { position += 1 }
            return start..<position
        }
        let start = position + 1
        let end = bytes[start...].firstIndex(of: quote) ?? bytes.count
        position = min(end + 1, bytes.count)
        return start..<end
    }

    private var current: UInt8 { bytes[position] }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self).lowercased() }

    private mutating func skipSpaces() {
        while position < bytes.count, current.isHTMLSpace { position += 1 }
    }

    private mutating func skip(past end: String) {
        let wanted = Array(end.utf8)
        while position < bytes.count, !bytes[position...].starts(with: wanted) { position += 1 }
        position = min(position + wanted.count, bytes.count)
    }

    private func stands(_ text: String) -> Bool {
        let end = position + text.utf8.count
        guard end <= bytes.count else { return false }
        return zip(bytes[position..<end], text.utf8).allSatisfy { $0 == $1 || $0 | 0x20 == $1 && $0.isLetter }
    }

    private func isLetter(at index: Int) -> Bool { index < bytes.count && bytes[index].isLetter }

    private func isEnd(at index: Int) -> Bool {
        index < bytes.count && (bytes[index].isHTMLSpace || bytes[index] == UInt8(ascii: "/"))
    }
}

/// The `charset` of a content type, wherever in it that stands.
func charset(inContentType text: String) -> String? {
    guard let match = text.lowercased().firstMatch(of: #/charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"']+))/#) else {
        return nil
    }
    return (match.1 ?? match.2 ?? match.3).map(String.init)
}
