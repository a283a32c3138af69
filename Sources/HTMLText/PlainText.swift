internal import PythonText

/// The words of HTML without its layout: what an index has use for, and a line in a list.
///
/// It is read in one pass that builds no tree. Of links, lists and headings nothing stays but their words, and what an
/// element hides by its own attributes is left out.
package struct PlainText: Sendable {
    /// The words of the first title, UTF-8; empty without one.
    package let title: [UInt8]
    /// The words with single blanks between them, UTF-8.
    package let text: [UInt8]

    /// Reads a document up to about `bytesMax` bytes of text.
    package init(of document: [UInt8], bytesMax: Int = .max) {
        var scanner = PlainTextScanner(document, isFragment: false, bytesMax: bytesMax)
        scanner.read()
        (title, text) = (scanner.title, scanner.text)
    }

    /// The words of a text that may have tags and references in it; what only looks like a tag stays.
    package static func ofFragment(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else { return text }
        var scanner = PlainTextScanner(Array(text.utf8), isFragment: true, bytesMax: .max)
        scanner.read()
        return String(decoding: scanner.text, as: UTF8.self)
    }
}

private struct PlainTextScanner {
    private let bytes: [UInt8]
    private let isFragment: Bool
    private let bytesMax: Int
    private var index = 0
    /// Names of elements that do not end, which are not looked for twice.
    private var endless: Set<UInt64> = []
    private(set) var title: [UInt8] = []
    private(set) var text: [UInt8] = []

    init(_ bytes: [UInt8], isFragment: Bool, bytesMax: Int) {
        self.bytes = bytes
        self.isFragment = isFragment
        self.bytesMax = bytesMax
        text.reserveCapacity(min(bytes.count, bytesMax) / 2)
    }

    mutating func read() {
        while index < bytes.count, text.count < bytesMax {
            switch bytes[index] {
            case UInt8(ascii: "<"): readMarkup()
            case UInt8(ascii: "&"): readReference()
            default: readWords()
            }
        }
        while text.last == 0x20 { text.removeLast() }
    }

    /// Reads what is neither markup nor a reference, with one blank for each run of white space.
    private mutating func readWords() {
        var start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") { break }
            if byte > 0x20 {
                index += 1
                continue
            }
            text += bytes[start..<index]
            if text.count >= bytesMax { return }
            appendBlank()
            while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
            start = index
        }
        text += bytes[start..<index]
    }

    private mutating func appendBlank() {
        if let last = text.last, last != 0x20 { text.append(0x20) }
    }

    private mutating func readReference() {
        if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "#") {
            if let (scalar, length) = NumericReference.match(in: bytes, at: index) {
                index += length
                return text.append(scalar: scalar)
            }
        } else if let (scalars, length) = NamedReferences.shared.match(
            in: bytes,
            at: index + 1,
            // In an address, `&copy=1` is not a reference.
            isAttribute: isFragment
        ) {
            index += length + 1
            for scalar in scalars { text.append(scalar: scalar) }
            return
        }
        text.append(UInt8(ascii: "&"))
        index += 1
    }

    private mutating func readMarkup() {
        let start = index
        if bytes.hasBytes(Self.comment, at: index) {
            index = bytes.firstIndex(of: Self.commentEnd, from: index + 2).map { $0 + 3 } ?? bytes.count
        } else if let tag = MarkupTag(in: bytes, at: index), !isFragment || tag.isOfHTML {
            index = tag.end
            if !tag.isInline { appendBlank() }
            if tag.isStart { readContent(of: tag) }
        } else if !isFragment, index + 1 < bytes.count, [0x21, 0x2F, 0x3F].contains(bytes[index + 1]) {
            index = bytes[index...].firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? bytes.count
        }
        guard index == start else { return }
        text.append(UInt8(ascii: "<"))
        index += 1
    }

    /// Goes past content that is no words, and takes titles and descriptions of images.
    private mutating func readContent(of tag: MarkupTag) {
        if tag.isRaw {
            index = endTag(of: tag.name, from: index, isNested: false) ?? bytes.count
        } else if tag.isHidden, !endless.contains(tag.name) {
            if let end = endTag(of: tag.name, from: index, isNested: true) {
                index = end
            } else {
                endless.insert(tag.name)
            }
        } else if tag.name == MarkupTag.title, title.isEmpty, !isFragment {
            let end = endTag(of: tag.name, from: index, isNested: false) ?? bytes.count
            var scanner = PlainTextScanner(Array(bytes[index..<end]), isFragment: true, bytesMax: 1 << 12)
            scanner.read()
            title = scanner.text
            index = end
        } else if !tag.description.isEmpty {
            var scanner = PlainTextScanner(Array(bytes[tag.description]), isFragment: true, bytesMax: 1 << 12)
            scanner.read()
            appendBlank()
            text += scanner.text
            appendBlank()
        }
    }

    /// Where the tag begins that ends an element whose start tag ends at `start`.
    private func endTag(of name: UInt64, from start: Int, isNested: Bool) -> Int? {
        var depth = 1
        var index = start
        while let next = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
            let isEnd = next + 1 < bytes.count && bytes[next + 1] == UInt8(ascii: "/")
            if MarkupTag.name(in: bytes, at: next + (isEnd ? 2 : 1)).packed == name {
                if isEnd { depth -= 1 } else if isNested { depth += 1 }
                if depth == 0 { return next }
            }
            index = next + 1
        }
        return nil
    }

    private static let comment = Array("<!--".utf8)
    private static let commentEnd = Array("-->".utf8)
}
