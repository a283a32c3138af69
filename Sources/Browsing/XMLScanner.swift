internal import PythonText

/// Goes through the elements of a feed: each with its own text, as far as it comes before other elements.
///
/// It knows no more of XML than feeds need. Every step moves on, so the time is linear.
struct XMLScanner {
    struct Element {
        /// Without its prefix.
        let name: String
        /// Its text; markup that is escaped or in a CDATA section is part of it.
        let content: [UInt8]
        /// As it is written in the tag.
        fileprivate let fullName: [UInt8]
        fileprivate let tag: [UInt8]
        /// Where its content begins; nil if it is written as empty.
        fileprivate let start: Int?

        /// The value of an attribute, empty if there is none.
        subscript(attribute: String) -> String {
            String(decoding: XMLScanner.value(of: attribute, in: tag), as: UTF8.self)
        }
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next element.
    mutating func next() -> Element? {
        while let start = bytes.firstIndex(of: [UInt8(ascii: "<")], from: position) {
            position = start + 1
            if bytes.hasBytes(Array("!--".utf8), at: position) {
                skip(past: "-->")
            } else if bytes.hasBytes(Self.section, at: start) {
                skip(past: "]]>")
            } else if position < bytes.count, (bytes[position] | 0x20) &- UInt8(ascii: "a") < 26 {
                return element()
            }
        }
        return nil
    }

    private static let section = Array("<![CDATA[".utf8)

    private mutating func skip(past mark: String) {
        let mark = Array(mark.utf8)
        position = bytes.firstIndex(of: mark, from: position).map { $0 + mark.count } ?? bytes.count
    }

    /// All that is in `element`, which was the last one, as it is written; goes past it.
    mutating func markup(of element: Element) -> [UInt8] {
        guard let start = element.start else { return [] }
        let mark = Array("</".utf8) + element.fullName
        let end = bytes.firstIndex(of: mark, from: start) ?? bytes.count
        position = end
        return Array(bytes[start..<end])
    }

    private mutating func element() -> Element {
        let start = position
        skip(past: ">")
        var tag = bytes[start..<max(start, position - 1)]
        let isEmpty = tag.last == UInt8(ascii: "/")
        if isEmpty { tag = tag.dropLast() }
        let name = tag.prefix { $0 > 0x20 }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        let contentStart = isEmpty ? nil : position
        return Element(
            name: String(decoding: local, as: UTF8.self),
            content: isEmpty ? [] : content(),
            fullName: Array(name),
            tag: tag.map { $0 < 0x20 ? 0x20 : $0 },
            start: contentStart
        )
    }

    /// The text up to the next tag.
    private mutating func content() -> [UInt8] {
        var content: [UInt8] = []
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
            content += Self.unescaped(bytes[position..<end])
            position = end
            guard bytes.hasBytes(Self.section, at: end) else { break }
            let start = end + Self.section.count
            position = start
            skip(past: "]]>")
            content +=
                bytes[start..<max(start, bytes.hasBytes(Array("]]>".utf8), at: position - 3) ? position - 3 : position)]
        }
        return content
    }

    fileprivate static func value(of name: String, in tag: [UInt8]) -> [UInt8] {
        let wanted = Array(" \(name)=".utf8)
        guard let found = tag.firstIndex(of: wanted), found + wanted.count < tag.count else { return [] }
        let quote = tag[found + wanted.count]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return [] }
        return unescaped(tag[(found + wanted.count + 1)...].prefix { $0 != quote })
    }

    private static let references: [(name: [UInt8], byte: UInt8)] = [
        (Array("&lt;".utf8), UInt8(ascii: "<")), (Array("&gt;".utf8), UInt8(ascii: ">")),
        (Array("&amp;".utf8), UInt8(ascii: "&")), (Array("&quot;".utf8), UInt8(ascii: "\"")),
        (Array("&apos;".utf8), UInt8(ascii: "'")),
    ]

    /// Without the references that all of XML has; others are read with the markup that the text may be.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        guard text.contains(UInt8(ascii: "&")) else { return Array(text) }
        let text = Array(text)
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            let known = text[index] == UInt8(ascii: "&") ? references.first { text.hasBytes($0.name, at: index) } : nil
            result.append(known?.byte ?? text[index])
            index += known?.name.count ?? 1
        }
        return result
    }
}
