internal import PythonText

/// Reads a page into a tape as libxml2 2.14 would read it into a tree: HTML5's tokens, its own rules of nesting.
///
/// Every step consumes a byte or ends the page, and no step looks back further than it has consumed, so the time is
/// linear in the size of the page.
struct TreeBuilder {
    /// How deep the reference reads.
    static let referenceDepthMax = 256
    /// How many events a tape may have.
    static let eventsMax = 2_000_000
    /// Where the value of an attribute is cut, in bytes.
    static let attributeBytesMax = 256 << 10

    let bytes: [UInt8]
    let fixes: HTMLFixes
    /// Whether the tape has what elements are called: `id`, `class` and `role`.
    let keepsIdentity: Bool
    var position = 0
    var tape = Tape()
    var open = OpenElements()
    var names = TagNames()
    var name: [UInt8] = []
    let traits = TagTraits.byNumber
    let rules = ClosingRules.standard
    let references = NamedReferences.shared

    /// What is read as other than markup, up to the end tag of the element that is open.
    var content = TagTraits.Content.markup
    /// Tags of html, head and body that were out of place, whose end tags are out of place too.
    var misplaced = 0
    var hasSeenHead = false
    var hasSeenBody = false
    var isStopped = false

    /// The tape of a whole page, with every element closed.
    static func tape(of source: PreparedSource, fixes: HTMLFixes, keepsIdentity: Bool = false) -> Tape {
        var builder = TreeBuilder(bytes: source.bytes, fixes: fixes, keepsIdentity: keepsIdentity)
        builder.tape.hasControlCharacters = source.hasControlCharacters
        builder.readPage()
        builder.closeAll()
        builder.tape.beginnings = builder.names.beginnings
        builder.tape.applications = builder.names.applications
        builder.tape.isTruncated = builder.tape.isTruncated || source.isTruncated
        return builder.tape
    }

    private init(bytes: [UInt8], fixes: HTMLFixes, keepsIdentity: Bool) {
        self.bytes = bytes
        self.fixes = fixes
        self.keepsIdentity = keepsIdentity
        tape.text.reserveCapacity(bytes.count)
        tape.events.reserveCapacity(bytes.count / 16)
        tape.attributeText.reserveCapacity(bytes.count / 8)
        name.reserveCapacity(TagNames.nameBytesMax)
    }

    private mutating func readPage() {
        // A byte order mark that is all there is, is text.
        if bytes.count > 3, bytes.hasBytes([0xEF, 0xBB, 0xBF], at: 0) { position = 3 }
        skipProlog()
        while position < bytes.count, !isStopped {
            Steps.take()
            if bytes[position] == UInt8(ascii: "<"), content == .markup {
                readMarkup()
            } else {
                readText()
            }
            if tape.events.count >= Self.eventsMax {
                tape.isTruncated = true
                isStopped = true
            }
        }
    }

    /// Passes over white space, comments and one document type, which are outside of any element.
    private mutating func skipProlog() {
        skipComments()
        if isDocumentType(at: position) {
            skip(past: UInt8(ascii: ">"))
            skipComments()
        }
    }

    private mutating func skipComments() {
        skipSpace()
        while byte(at: position) == UInt8(ascii: "<") {
            Steps.take()
            if bytes.hasBytes([0x21, 0x2D, 0x2D], at: position + 1) {
                position += 4
                _ = readComment()
            } else if byte(at: position + 1) == UInt8(ascii: "?") {
                skip(past: UInt8(ascii: ">"))
            } else {
                return
            }
            skipSpace()
        }
    }

    private mutating func readMarkup() {
        switch byte(at: position + 1) {
        case UInt8(ascii: "/"): readEndTag()
        case UInt8(ascii: "!"):
            if isDocumentType(at: position) {
                skip(past: UInt8(ascii: ">"))
            } else if bytes.hasBytes([0x2D, 0x2D], at: position + 2) {
                position += 4
                append(readComment())
            } else {
                readBogusComment()
            }
        case UInt8(ascii: "?"): readBogusComment()
        case let first where Self.isLetter(first): readElement()
        default:
            prepareForText()
            appendText(position..<position + 1)
            position += 1
        }
    }

    /// A bogus comment, which goes on to the next `>`.
    mutating func readBogusComment() {
        skip(past: UInt8(ascii: ">"))
        append(Comment())
    }

    private struct Comment {
        var hasText = false
        var hasWord = false
        var boundary: Tape.Boundary?
    }

    private mutating func append(_ comment: Comment) {
        guard !open.isEmpty else { return }
        if let boundary = comment.boundary { tape.boundaries[tape.events.count] = boundary }
        let event = Tape.Event(
            kind: .comment,
            tag: .html,
            first: comment.hasText ? 1 : 0,
            second: comment.hasWord ? 1 : 0
        )
        tape.events.append(event)
    }

    /// Reads a comment whose content begins here.
    private mutating func readComment() -> Comment {
        let start = position
        if byte(at: position) == UInt8(ascii: ">") {
            position += 1
            return Comment()
        }
        if bytes.hasBytes([0x2D, 0x3E], at: position) {
            position += 2
            return Comment()
        }
        return comment(with: bytes[start..<skipToCommentEnd()])
    }

    /// What looks like tags in a comment is passed over too; what follows them decides.
    private func comment(with content: ArraySlice<UInt8>) -> Comment {
        if keepsIdentity, let boundary = Tape.Boundary(content) { return Comment(boundary: boundary) }
        var rest = content
        while let greater = rest.firstIndex(of: UInt8(ascii: ">")) {
            Steps.take(greater - rest.startIndex + 1)
            let next = greater + 1
            guard next < content.endIndex else { return Comment(hasText: true) }
            guard bytes[next] == UInt8(ascii: "<") else {
                let isWord = ScalarSet.word.contains(bytes.scalar(at: next).value)
                return Comment(hasText: true, hasWord: isWord)
            }
            rest = content[next...]
        }
        return Comment()
    }

    /// Goes past the end of a comment, and says where its content ended.
    private mutating func skipToCommentEnd() -> Int {
        while let dash = bytes[position...].firstIndex(of: UInt8(ascii: "-")) {
            Steps.take(dash - position + 1)
            position = dash
            if dash + 1 >= bytes.count || (bytes[dash + 1] == UInt8(ascii: "-") && dash + 2 >= bytes.count) {
                position = bytes.count
                return dash
            }
            if bytes[dash + 1] == UInt8(ascii: "-") {
                if bytes[dash + 2] == UInt8(ascii: ">") {
                    position += 3
                    return dash
                }
                if bytes[dash + 2] == UInt8(ascii: "!"),
                    dash + 3 >= bytes.count || bytes[dash + 3] == UInt8(ascii: ">")
                {
                    position = min(dash + 4, bytes.count)
                    return dash
                }
            }
            position += 1
        }
        position = bytes.count
        return bytes.count
    }
}

// What the parts of the builder share.
extension TreeBuilder {
    /// The byte at `index`; 0 past the end.
    func byte(at index: Int) -> UInt8 {
        index < bytes.count ? bytes[index] : 0
    }

    mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) {
            Steps.take()
            position += 1
        }
    }

    mutating func skip(past mark: UInt8) {
        let end = bytes[position...].firstIndex(of: mark).map { $0 + 1 } ?? bytes.count
        Steps.take(end - position)
        position = end
    }

    func isDocumentType(at index: Int) -> Bool {
        guard index + 9 <= bytes.count, bytes[index] == UInt8(ascii: "<"), bytes[index + 1] == UInt8(ascii: "!") else {
            return false
        }
        return bytes[index + 2..<index + 9].elementsEqual("DOCTYPE".utf8) { $0 & 0xDF == $1 }
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D && byte != 0x0B)
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26
    }
}
