internal import HTMLText

/// What is indexed of a document.
struct DocumentText: Equatable, Sendable {
    /// Empty if the document has none.
    let title: String
    let body: String

    /// A document of which nothing can be indexed, and why.
    struct Unreadable: Error, Equatable, Sendable {
        let reason: String
    }

    /// The longest text that is indexed, in bytes; the rest of a longer one is not found.
    static let bytesMax = 4 << 20

    /// Reads `source`, UTF-8, which is no PDF any more.
    init(of source: [UInt8], kind: DocumentKind) throws(Unreadable) {
        switch kind {
        case .html: (title, body) = try Self.rendered(source)
        case .markdown: (title, body) = (Self.heading(in: source) ?? Self.firstLine(of: source), Self.bounded(source))
        case .plain: (title, body) = (Self.firstLine(of: source), Self.bounded(source))
        case .pdf:
            // The first line is the number of the page.
            let text = source.drop { $0 != UInt8(ascii: "\n") }
            (title, body) = (Self.firstLine(of: Array(text)), Self.bounded(source))
        }
    }

    /// HTML as a model would read it, less the marks of links and the escapes.
    private static func rendered(_ source: [UInt8]) throws(Unreadable) -> (title: String, body: String) {
        do throws(RenderedPage.Failure) {
            let page = try RenderedPage(source: source, url: "")
            return (page.title, bounded(RenderedMarks.removed(from: page.text)))
        } catch {
            throw Unreadable(reason: error.message)
        }
    }

    private static func bounded(_ text: [UInt8]) -> String { String(decoding: text.prefix(bytesMax), as: UTF8.self) }

    /// The first heading, or the title in front of it in a block of settings.
    private static func heading(in source: [UInt8]) -> String? {
        for line in lines(of: source) {
            for mark in ["# ", "title: "] where line.hasPrefix(mark) {
                return line.dropFirst(mark.count).trimming { " \t\"'#".unicodeScalars.contains($0) }
            }
        }
        return nil
    }

    /// The first line with a letter in it, which is what a text is mostly called.
    private static func firstLine(of source: [UInt8]) -> String {
        let line = lines(of: source).first { $0.unicodeScalars.contains { $0.properties.isAlphabetic } } ?? ""
        return OneLine.of(line, bytesMax: 120)
    }

    private static func lines(of source: [UInt8]) -> some Sequence<String> {
        source.prefix(1 << 14).split(separator: UInt8(ascii: "\n"), maxSplits: 100).lazy
            .map {
                String(decoding: $0, as: UTF8.self)[...].trimming { $0.properties.isWhitespace || $0 == "\u{FEFF}" }
            }
    }
}

extension Substring {
    /// What is left between the scalars at both ends that `isTrimmed` says are not wanted.
    fileprivate func trimming(_ isTrimmed: (Unicode.Scalar) -> Bool) -> String {
        let rest = unicodeScalars.drop(while: isTrimmed)
        guard let last = rest.lastIndex(where: { !isTrimmed($0) }) else { return "" }
        return String(Substring(rest[...last]))
    }
}

/// What a rendered page has and an index has no use for.
enum RenderedMarks {
    /// The words of `【0†words†host】` alone, and no backslashes in front of punctuation.
    static func removed(from text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        // Inside of a mark, its words are between the first dagger and the second, or the end.
        var (isInMark, daggers) = (false, 0)
        while index < text.count {
            let byte = text[index]
            if byte == opening[0], has(opening, in: text, at: index) {
                (isInMark, daggers) = (true, 0)
                index += 3
            } else if byte == closing[0], has(closing, in: text, at: index) {
                isInMark = false
                index += 3
            } else if isInMark, byte == dagger[0], has(dagger, in: text, at: index) {
                daggers += 1
                index += 3
            } else {
                let isEscape = byte == UInt8(ascii: "\\") && index + 1 < text.count && isPunctuation(text[index + 1])
                if !isEscape, !isInMark || daggers == 1 { result.append(byte) }
                index += 1
                if isEscape, index < text.count {
                    if !isInMark || daggers == 1 { result.append(text[index]) }
                    index += 1
                }
            }
        }
        return result
    }

    private static let opening: [UInt8] = Array("【".utf8)
    private static let closing: [UInt8] = Array("】".utf8)
    private static let dagger: [UInt8] = Array("†".utf8)

    private static func has(_ mark: [UInt8], in text: [UInt8], at index: Int) -> Bool {
        index + 2 < text.count && text[index + 1] == mark[1] && text[index + 2] == mark[2]
    }

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        (0x21...0x2F).contains(byte) || (0x3A...0x40).contains(byte) || (0x5B...0x60).contains(byte)
            || (0x7B...0x7E).contains(byte)
    }
}
