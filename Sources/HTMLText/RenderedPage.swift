internal import PythonText

/// A page as a model reads it.
public struct RenderedPage: Sendable {
    /// The text, UTF-8, with links as `【0†text†host】`.
    public let text: [UInt8]
    /// The title that was given, else the page's own, else the host; may be empty.
    public let title: String
    /// Where the links go, by number.
    public let links: [String]
    /// Whether something was left out because there was too much of it: source, tags, links or text.
    public let isTruncated: Bool
    /// Whether something was left out because the page hides it.
    public let hasHiddenText: Bool

    /// The longest source, in bytes; the rest is left out.
    public static let sourceBytesMax = 8 << 20

    /// About how long a text can become, in bytes; the rest is left out.
    public static let textBytesMax = 16 << 20

    /// A page that cannot be shown.
    public struct Failure: Error, Equatable, Sendable {
        /// What the reference says of it.
        public let message: String
    }

    /// Renders the HTML of the page at `url`.
    ///
    /// - Parameters:
    ///   - source: UTF-8; what is not well-formed is read as U+FFFD.
    ///   - url: What links are relative to; empty for a page that has none.
    ///   - title: Goes before the page's own unless it is empty.
    /// - Throws: ``Failure``, where the reference fails too: for a URL that cannot be read.
    public init(
        source: [UInt8],
        url: String,
        title: String? = nil,
        fixes: HTMLFixes = .all
    ) throws(Failure) {
        let prepared = PreparedSource(
            source,
            bytesMax: Self.sourceBytesMax,
            keepsSecondPlane: fixes.contains(.keepsSecondPlane)
        )
        if !fixes.contains(.ignoresXMLDeclaration), XMLDeclaration.namesEncoding(prepared.bytes) {
            throw Failure(message: XMLDeclaration.complaint)
        }
        let isStreamed = fixes.contains(.composesParts) && Composition.isStreamed(prepared.bytes)
        var tape = TreeBuilder.tape(of: prepared, fixes: fixes, keepsIdentity: isStreamed)
        if fixes.contains(.composesParts) { tape = Composition.composed(tape, isStreamed: isStreamed) }
        guard let root = PageRoot(of: &tape, source: prepared.bytes, fixes: fixes) else {
            throw Failure(message: "Document is empty")
        }
        let editor: LinkEditor
        do throws(URLReference.Malformed) {
            let address = Array(url.utf8)
            self.title = try PageTitle.text(given: title, in: tape, root: root, url: address, fixes: fixes)
            editor = try LinkEditor(editing: consume tape, root: root, url: address, fixes: fixes)
        } catch {
            throw Failure(message: error.message)
        }
        if !fixes.contains(.replacesControlCharacters), ControlCharacters.failPage(editor, in: root.events) {
            throw Failure(message: ControlCharacters.complaint)
        }
        var emitter = Emitter(capacity: editor.tape.text.count)
        var reader = TapeReader(editor.tape, editor.replacements, root: root, fixes: fixes)
        reader.read(into: &emitter)
        let shown = emitter.finish(movesAnchors: !fixes.contains(.guardsMarks))
        text = PageRemarks.text(shown, of: editor, fixes: fixes)
        links = editor.urls.map { String(decoding: $0, as: UTF8.self) }
        isTruncated = editor.tape.isTruncated || editor.isFull || emitter.isFull
        hasHiddenText = editor.hidesText
    }
}

/// The declaration in front of XML.
private enum XMLDeclaration {
    static let complaint =
        "Unicode strings with encoding declaration are not supported. Please use bytes input or XML fragments without "
        + "declaration."

    /// Whether `source` begins with a declaration that names an encoding.
    static func namesEncoding(_ source: [UInt8]) -> Bool {
        guard source.hasBytes(Array("<?xml".utf8), at: 0) else { return false }
        let end = source.firstIndex(of: UInt8(ascii: ">")) ?? source.count
        var index = 7
        while let found = source.firstIndex(of: Array("encoding".utf8), from: index), found < end {
            if Whitespace.contains(source.scalar(before: found).value), isValue(in: source, at: found + 8) {
                return true
            }
            index = found + 1
        }
        return false
    }

    /// An equals sign and something in quotes.
    private static func isValue(in source: [UInt8], at start: Int) -> Bool {
        var index = start
        func skipSpace() {
            while index < source.count {
                let length = Whitespace.length(in: source, at: index)
                if length == 0 { break }
                index += length
            }
        }
        skipSpace()
        guard index < source.count, source[index] == UInt8(ascii: "=") else { return false }
        index += 1
        skipSpace()
        guard index < source.count, isQuote(source[index]) else { return false }
        return source[(index + 1)...].contains(where: isQuote)
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
}

/// What a page is called.
enum PageTitle {
    static func text(
        given: String?,
        in tape: Tape,
        root: PageRoot,
        url: [UInt8],
        fixes: HTMLFixes
    ) throws(URLReference.Malformed) -> String {
        let bytes: [UInt8]
        if let given, !given.isEmpty {
            bytes = Array(given.utf8)
        } else if let own = own(in: tape, root: root) {
            bytes = Array(own)
        } else {
            bytes = url.isEmpty ? [] : try URLReference.domain(of: url)
        }
        return shown(bytes, fixes: fixes)
    }

    /// A title as it is shown above a page.
    static func shown(_ title: [UInt8], fixes: HTMLFixes) -> String {
        var shown = fixes.contains(.guardsMarks) ? Marks.guarded(title) : title
        if fixes.contains(.dropsInvisibleCharacters) { shown = InvisibleCharacters.removed(from: shown) }
        return String(decoding: fixes.contains(.collapsesTitle) ? oneLine(shown) : shown, as: UTF8.self)
    }

    /// The text in front of anything else in the first title.
    private static func own(in tape: Tape, root: PageRoot) -> ArraySlice<UInt8>? {
        let title = root.events.first { index in
            let event = tape.events[index]
            return event.kind == .open && event.tag == .title && index != root.root
        }
        guard let title else { return nil }
        let content = tape.events[title + 1]
        return content.kind == .text ? tape.text[Int(content.first)..<Int(content.second)] : []
    }

    private static func oneLine(_ bytes: [UInt8]) -> [UInt8] {
        let stripped = Array(Whitespace.stripped(bytes))
        return EmptyLines.blanks(in: stripped, 0..<stripped.count)
    }
}
