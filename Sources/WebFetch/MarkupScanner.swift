/// Cuts something like XML into tags and text, and never fails.
struct MarkupScanner {
    enum Piece: Equatable {
        /// Escaped, as it stands between tags; a CDATA section is escaped to fit.
        case text([UInt8])
        /// Names are in lower case; attributes begin with a blank.
        case start(name: String, attributes: String, isEmpty: Bool)
        case end(name: String)
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func next() -> Piece? {
        while position < bytes.count {
            guard isMarkup(at: position) else { return .text(readText()) }
            if stands("<![CDATA[") { return .text(MarkupScanner.escaped(read(after: 9, upTo: "]]>"))) }
            if stands("<!--") {
                _ = read(after: 4, upTo: "-->")
            } else if stands("<!") || stands("<?") {
                _ = read(after: 2, upTo: ">")
            } else {
                return readTag()
            }
        }
        return nil
    }

    private mutating func readText() -> [UInt8] {
        let start = position
        repeat { position += 1 } while position < bytes.count && !isMarkup(at: position)
        return Array(bytes[start..<position])
    }

    private mutating func readTag() -> Piece {
        let isEnd = stands("</")
        let inner = read(after: isEnd ? 2 : 1, upTo: ">")
        let nameEnd = inner.firstIndex { $0.isHTMLSpace || $0 == UInt8(ascii: "/") } ?? inner.endIndex
        let name = String(decoding: inner[..<nameEnd], as: UTF8.self).lowercased()
        if isEnd { return .end(name: name) }
        let attributes = inner[nameEnd...].map { $0.isHTMLSpace ? 0x20 : $0 }
        let isEmpty = inner.last == UInt8(ascii: "/")
        return .start(name: name, attributes: String(decoding: attributes, as: UTF8.self), isEmpty: isEmpty)
    }

    /// What follows the next `count` bytes, up to `end` or the end of all; goes past it.
    private mutating func read(after count: Int, upTo end: String) -> ArraySlice<UInt8> {
        let wanted = Array(end.utf8)
        let start = min(position + count, bytes.count)
        var stop = start
        while stop < bytes.count, !(bytes[stop] == wanted[0] && bytes[stop...].starts(with: wanted)) { stop += 1 }
        position = min(stop + wanted.count, bytes.count)
        return bytes[start..<stop]
    }

    /// A `<` before anything else is only a character.
    private func isMarkup(at index: Int) -> Bool {
        guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count else { return false }
        return bytes[index + 1].isLetter || "/!?".utf8.contains(bytes[index + 1])
    }

    private func stands(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private static func escaped(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.flatMap { byte in
            switch byte {
            case UInt8(ascii: "&"): Array("&amp;".utf8)
            case UInt8(ascii: "<"): Array("&lt;".utf8)
            default: [byte]
            }
        }
    }

    /// Without the five escapes that every XML has.
    static func unescaped(_ text: String) -> String {
        text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&apos;", with: "'").replacing("&amp;", with: "&")
    }
}
