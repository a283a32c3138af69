internal import HTMLText

/// What is indexed of a document.
struct DocumentText: Equatable, Sendable {
    /// Empty if the document has none.
    let title: String
    /// UTF-8.
    let body: [UInt8]

    /// A document of which nothing can be indexed, and why.
    struct Unreadable: Error, Equatable, Sendable {
        let reason: String
    }

    /// The longest text that is indexed, in bytes; the rest of a longer one is not found.
    static let bytesMax = 4 << 20

    /// Reads `source`, UTF-8, which is no PDF any more.
    init(of source: [UInt8], format: DocumentKind.Format) throws(Unreadable) {
        if format == .html {
            let page = PlainText(of: source, bytesMax: Self.bytesMax)
            (title, body) = (String(decoding: page.title, as: UTF8.self), Array(page.text.prefix(Self.bytesMax)))
        } else {
            title = DocumentTitle.of(source, format: format)
            body = source.count <= Self.bytesMax ? source : Array(source.prefix(Self.bytesMax))
        }
        guard body.contains(where: { $0 > 0x20 }) || !title.isEmpty else { throw Unreadable(reason: "has no text") }
    }

    /// Tells this text from others, and a document from its twins.
    var hash: Int64 { ContentHash.of(Array(title.utf8)) &* 31 &+ ContentHash.of(body) }
}

/// What a text without markup is called.
enum DocumentTitle {
    static func of(_ source: [UInt8], format: DocumentKind.Format) -> String {
        // The first line of a PDF is the number of its page.
        let lines = lines(of: source[...].dropFirst(format == .pdf ? source.firstIndex(of: 0x0A) ?? 0 : 0))
        switch format {
        case .markdown: return heading(in: lines) ?? underlined(in: lines, by: "=") ?? firstLine(of: lines)
        case .restructured: return underlined(in: lines, by: "=-~*^#+\"'`:._") ?? firstLine(of: lines)
        case .plain, .pdf, .html: return firstLine(of: lines)
        }
    }

    /// The first heading, or the title in front of it in a block of settings.
    private static func heading(in lines: [String]) -> String? {
        for line in lines {
            for mark in ["# ", "title: "] where line.hasPrefix(mark) {
                return line.dropFirst(mark.count).trimming { " \t\"'#".unicodeScalars.contains($0) }
            }
        }
        return nil
    }

    /// The first line with a line of one of `marks` under it that is about as long.
    private static func underlined(in lines: [String], by marks: String) -> String? {
        zip(lines, lines.dropFirst()).first { line, mark in
            guard let first = mark.first, marks.contains(first), mark.allSatisfy({ $0 == first }) else { return false }
            return mark.count >= 3 && mark.count + 2 >= line.count && line.contains(where: \.isLetter)
        }
        .map { OneLine.of($0.0, bytesMax: titleBytesMax) }
    }

    /// The first line with a letter in it, which is what a text is mostly called.
    private static func firstLine(of lines: [String]) -> String {
        OneLine.of(lines.first { $0.contains(where: \.isLetter) } ?? "", bytesMax: titleBytesMax)
    }

    private static let titleBytesMax = 120

    private static func lines(of source: ArraySlice<UInt8>) -> [String] {
        source.prefix(1 << 14).split(separator: 0x0A, maxSplits: 100, omittingEmptySubsequences: false).prefix(100)
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
