internal import PythonText

/// Writes tags and text as the plain text that the models know.
///
/// Breaks and blanks are only noted; the next text writes them, in the quote and the list that it stands in.
struct Emitter {
    struct List {
        let isOrdered: Bool
        var number: Int128
    }

    /// How deep quotes and lists are shown; the reference reads no deeper.
    static let shownDepthMax = TreeBuilder.referenceDepthMax

    var output: [UInt8] = []
    /// Whether the text is as long as it may be: quotes and lists can make far more of a page than it has.
    private(set) var isFull = false
    /// Line breaks before the next text, at most two.
    var breaks = 0
    /// Whether a blank stands before the next text.
    var hasSpace = false
    /// Whether the line before the next break ends in two blanks.
    var hasSoftBreak = false
    /// Whether nothing is written yet, or nothing since a marker.
    var isAtStart = true
    var endsWithNewline = false
    var quoteDepth = 0
    var lists: [List] = []
    /// How far preformatted text of the current item is to the right.
    var codeIndent = 0
    var isPre = false
    /// Whether preformatted text began and nothing of it is written yet.
    var isPreOpened = false
    var isCode = false
    /// Zero where text is shown; unbalanced tags can bring it below.
    var quiet = 0
    var lastTag = Tag.html
    var isLastTagList = false

    /// Struck text began: the next piece is stripped.
    var stripsNext = false
    /// The next piece is set apart from struck text.
    var setsNextApart = false
    var endsWithTilde = false
    var abbreviations = Abbreviations()

    init(capacity: Int) {
        output.reserveCapacity(capacity)
    }

    /// All that was written, with what abbreviations mean, and at most one empty line anywhere.
    mutating func finish(movesAnchors: Bool) -> [UInt8] {
        output.append(0x0A)
        output += abbreviations.definitions
        let text = Array(Whitespace.stripped(output))
        return EmptyLines.collapsed(movesAnchors ? Anchors.moved(in: text) : text)
    }

    // MARK: Text

    /// A stretch of text between two tags. `hasSpaceAfter` puts a blank at its end.
    mutating func text(_ bytes: [UInt8], _ range: Range<Int>, hasSpaceAfter: Bool, isScript: Bool) {
        if hasSpaceAfter {
            var longer = Array(bytes[range])
            longer.append(0x20)
            return text(longer, 0..<longer.count, hasSpaceAfter: false, isScript: isScript)
        }
        if isScript {
            let raw = Self.serialized(bytes[range])
            return piece(raw, 0..<raw.count, isEntity: false)
        }
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            Steps.take()
            let byte = bytes[index]
            if byte >= 64 || Self.entities >> UInt64(byte) & 1 == 0 {
                index += 1
                continue
            }
            if start < index { piece(bytes, start..<index, isEntity: false) }
            if byte < 0x20, byte != 0x0D {
                piece([0xEF, 0xBF, 0xBD], 0..<3, isEntity: true)
            } else {
                piece(bytes, index..<index + 1, isEntity: true)
            }
            index += 1
            start = index
        }
        if start < index { piece(bytes, start..<index, isEntity: false) }
    }

    /// What XML writes as a reference: `&`, `<`, `>` and control characters but tab and line feed. One bit a byte.
    private static let entities: UInt64 = 1 << 38 | 1 << 60 | 1 << 62 | 0xFFFF_F9FF

    private static func isEntity(_ byte: UInt8) -> Bool {
        byte < 64 && entities >> UInt64(byte) & 1 == 1
    }

    /// The text of a script or a style, in which XML's references are not read again.
    private static func serialized(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "&"): Array("&amp;".utf8)
            case UInt8(ascii: "<"): Array("&lt;".utf8)
            case UInt8(ascii: ">"): Array("&gt;".utf8)
            case 0x0D: Array("&#13;".utf8)
            case let control where isEntity(control): Array("&#xFFFD;".utf8)
            default: [byte]
            }
        }
    }

    /// A piece of text without references, or one reference.
    private mutating func piece(_ bytes: [UInt8], _ range: Range<Int>, isEntity: Bool) {
        if stripsNext || setsNextApart {
            let struck = besideStruckText(Array(bytes[range]))
            return escapedPiece(struck, 0..<struck.count, isEntity: isEntity)
        }
        escapedPiece(bytes, range, isEntity: isEntity)
    }

    private mutating func escapedPiece(_ bytes: [UInt8], _ range: Range<Int>, isEntity: Bool) {
        endsWithTilde = !range.isEmpty && bytes[range.upperBound - 1] == UInt8(ascii: "~")
        if quiet != 0, !abbreviations.isCapturing { return }
        if !isCode, !isPre, !isEntity {
            let positions = MarkdownEscapes.positions(in: bytes, range)
            if !positions.isEmpty {
                let escaped = MarkdownEscapes.inserted(at: positions, in: bytes, range)
                return put(escaped, 0..<escaped.count, isText: true)
            }
        }
        put(bytes, range, isText: true)
    }

    private mutating func besideStruckText(_ piece: [UInt8]) -> [UInt8] {
        if stripsNext {
            (stripsNext, setsNextApart) = (false, true)
            return Array(Whitespace.stripped(piece))
        }
        setsNextApart = false
        guard let first = piece.first, !"][(){}.!?".utf8.contains(first), Whitespace.length(in: piece, at: 0) == 0
        else {
            return piece
        }
        if lastTag == .a || lastTag == .code || lastTag == .pre || Role.isHeading(lastTag) { return piece }
        return [0x20] + piece
    }

    // MARK: Writing

    /// Writes a marker.
    mutating func put(_ marker: String, isQuoteMarker: Bool = false) {
        let bytes = Array(marker.utf8)
        put(bytes, 0..<bytes.count, isText: false, isQuoteMarker: isQuoteMarker)
    }

    private mutating func put(_ bytes: [UInt8], _ range: Range<Int>, isText: Bool, isQuoteMarker: Bool = false) {
        if abbreviations.isCapturing { abbreviations.capture(bytes[range]) }
        if quiet != 0 { return }
        var start = range.lowerBound
        let collapses = isText && !isPre
        if collapses {
            while start < range.upperBound {
                Steps.take()
                let length = Whitespace.length(in: bytes, at: start)
                if length == 0 { break }
                start += length
                hasSpace = true
            }
        }
        if start == range.upperBound { return }
        if isPre || isPreOpened {
            let data =
                collapses
                ? EmptyLines.blanks(in: bytes, start..<range.upperBound) : Array(bytes[start..<range.upperBound])
            return putPreformatted(data, isQuoteMarker: isQuoteMarker)
        }
        if isAtStart || breaks > 0 || hasSpace {
            writeBreaks(quote: quote(isMarker: isQuoteMarker && bytes[start] == UInt8(ascii: ">")))
        }
        if collapses {
            EmptyLines.appendBlanks(of: bytes, start..<range.upperBound, to: &output)
        } else {
            output += bytes[start..<range.upperBound]
        }
        endsWithNewline = output.last == 0x0A
        isFull = output.count > RenderedPage.textBytesMax
    }

    private mutating func putPreformatted(_ given: [UInt8], isQuoteMarker: Bool) {
        var data = given
        if isPreOpened, data.first != 0x0A { data.insert(0x0A, at: 0) }
        var quote = quote(isMarker: isQuoteMarker && data.first == UInt8(ascii: ">"))
        if isPre {
            quote += Array(repeating: 0x20, count: 4 + (lists.isEmpty ? 0 : codeIndent))
            data = Array(
                data.split(separator: 0x0A, omittingEmptySubsequences: false).joined(separator: [0x0A] + quote)
            )
        }
        if isPreOpened {
            isPreOpened = false
            if !lists.isEmpty { data = Array(data.drop { $0 == 0x0A || (isPre && quote.contains($0)) }) }
        }
        writeBreaks(quote: quote)
        output += data
        endsWithNewline = data.last == 0x0A
    }

    /// `data` with every line quoted, as far as there is room.
    private mutating func quoted(_ data: [UInt8], by quote: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(data.count + quote.count)
        for byte in data {
            result.append(byte)
            if byte == 0x0A { result += quote }
            if output.count + result.count > RenderedPage.textBytesMax {
                isFull = true
                break
            }
        }
        return result
    }

    private func quote(isMarker: Bool) -> [UInt8] {
        guard quoteDepth > 0 else { return [] }
        let shown = min(quoteDepth, Self.shownDepthMax)
        return Array(repeating: UInt8(ascii: ">"), count: shown) + (isMarker ? [] : [0x20])
    }

    private mutating func writeBreaks(quote: [UInt8]) {
        if isAtStart {
            (hasSpace, breaks, isAtStart) = (false, 0, false)
        }
        if breaks > 0 {
            for _ in 0..<breaks {
                if hasSoftBreak { output += [0x20, 0x20] }
                output.append(0x0A)
                output += quote
            }
            (hasSpace, hasSoftBreak, breaks) = (false, false, 0)
        }
        if hasSpace {
            if !endsWithNewline { output.append(0x20) }
            hasSpace = false
        }
    }
}
