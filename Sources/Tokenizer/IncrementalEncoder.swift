/// Encodes text while it comes in, and hands out ids as soon as they are certain.
///
/// ```swift
/// var encoder = IncrementalEncoder(encoding)
/// for chunk in chunks { send(encoder.feed(chunk)) }
/// send(encoder.finish())
/// ```
///
/// What has been handed out at any time is the beginning of the encoding of everything fed so far and whatever may still
/// come, nothing included; and what `feed` and `finish` hand out together is `Encoding.encode` of it all. How it is cut
/// into chunks does not matter to either, nor does a cut within a character.
///
/// A map of what it holds between two chunks, when the text so far ends in ` hunt` and may go on with `ing`:
///
/// ```
///     text            … the hunt     what came, less what is not looked at again
///     scanner.start        ▲         the open piece begins here; those before are closed, and encoded as wholes
///     released               ▲       the ids of all bytes before have been handed out
///     piece                └────▶    the encodings of all beginnings of the open piece
/// ```
///
/// Where what follows decides whether the piece has ended already (a fork: a capital after capitals, a space after spaces),
/// `branch` holds the piece that would begin there, and only what both ways have in common is certain. Each `feed` decodes
/// the bytes, encodes the pieces that are closed now (`closePieces`), hands out what is certain of the open one
/// (`release`), and forgets what lies before (`keep`).
///
/// Ids are held back for the last few bytes only: 3 to 15 in ordinary text, below 300 in the worst text known. Between
/// chunks an encoder needs memory of that size, too, however long the text.
public struct IncrementalEncoder: Sendable {
    private let encoding: Encoding
    private var decoder = UTF8Decoder()
    /// The text of which not everything is known: at first the piece that the scanner is in.
    private var text: [UInt8] = []
    private var scanner = PieceScanner(at: 0)
    private var pieceEncoder = PieceEncoder()
    /// What is before this offset has been handed out.
    private var released = 0
    /// The piece that the scanner is in, once the text has ended within it; nil while it may be one token.
    private var piece: OpenPiece?
    /// The piece after it, for as long as it may have begun: text that belongs to the one or to the other.
    private var branch: OpenPiece?

    /// More than any decision looks back: a character, or a contraction.
    private static let lookBackBytes = 8

    /// An encoder at the beginning of a text.
    public init(_ encoding: Encoding) {
        self.encoding = encoding
    }

    /// Takes the next bytes, and gives the ids that are certain now.
    public mutating func feed(_ bytes: Span<UInt8>) -> [UInt32] {
        EncodingCount.current?.add(bytes.count)
        let encoding = encoding
        return encoding.vocabulary.withWords { words in
            var output: [UInt32] = []
            output.reserveCapacity(bytes.count / 3 + 4)
            var text = takeText()
            decoder.append(bytes, to: &text)
            closePieces(text.span, words, to: &output)
            release(text.span, words, to: &output)
            keep(text)
            return output
        }
    }

    /// Takes the end of the text, and gives the ids of the rest. Then the encoder is at the beginning of another text.
    public mutating func finish() -> [UInt32] {
        let encoding = encoding
        return encoding.vocabulary.withWords { words in
            var output: [UInt32] = []
            var text = takeText()
            text += decoder.finish().utf8
            closePieces(text.span, words, to: &output)
            while scanner.start < text.count {
                close(at: scanner.endOfLast(in: text.span), text.span, words, to: &output)
                closePieces(text.span, words, to: &output)
            }
            self = IncrementalEncoder(encoding)
            return output
        }
    }
}

extension IncrementalEncoder {
    private var tables: VocabularyTables { encoding.vocabulary.tables }

    /// Encodes all pieces whose end is known.
    private mutating func closePieces(_ text: Span<UInt8>, _ words: Span<UInt32>, to output: inout [UInt32]) {
        let classes = CharacterClasses.shared
        while piece != nil {
            guard case .closed(let end) = scanner.scan(text, classes) else { return }
            close(at: end, text, words, to: &output)
        }
        // From here on pieces are whole when they are encoded. A local copy of the scanner is quicker.
        var scanner = scanner
        let tables = tables
        while scanner.start < text.count, case .closed(let end) = scanner.scan(text, classes) {
            pieceEncoder.append(text, from: scanner.start, to: end, by: tables, words, to: &output)
            scanner = PieceScanner(at: end)
        }
        released = scanner.start
        self.scanner = scanner
    }

    /// Hands out what is left of the piece that ends at `end`, and goes on with the next one.
    private mutating func close(
        at end: Int,
        _ text: Span<UInt8>,
        _ words: Span<UInt32>,
        to output: inout [UInt32]
    ) {
        if released == scanner.start {
            pieceEncoder.append(text, from: released, to: end, by: tables, words, to: &output)
        } else if var piece, end > released {
            piece.extend(by: text, to: end, tables, words)
            output += piece.path(from: released, to: end, tables, words)
        }
        released = max(end, released)
        // What is after the fork was looked at as the next piece already, and may be gone from the text.
        self.piece = branch?.root == end ? branch : nil
        branch = nil
        scanner = self.piece == nil ? PieceScanner(at: end) : scanner.beyondFork(at: end)
    }

    /// Hands out what is certain of the piece whose end is not known.
    private mutating func release(_ text: Span<UInt8>, _ words: Span<UInt32>, to output: inout [UInt32]) {
        guard scanner.start < text.count else { return }
        if piece == nil, tables.isBeginning(text, from: scanner.start, words) { return }
        var piece = piece ?? OpenPiece(at: scanner.start)
        piece.extend(by: text, to: text.count, tables, words)
        switch scanner.scan(text, .shared) {
        case .closed, .open:
            branch = nil
            let settled = piece.settled(tables, words)
            output += piece.path(from: released, to: settled, tables, words)
            released = settled
        case .fork(let fork) where scanner.isForkOpen:
            releaseCommon(of: piece, fork: fork, text, words, to: &output)
        case .fork(let fork):
            branch = nil
            let settled = piece.settled(orEndingAt: fork, tables, words)
            output += piece.path(from: released, to: settled, tables, words)
            released = settled
        }
        piece.forget(before: released)
        self.piece = piece
    }

    /// Hands out what is certain whether the piece goes on or another began at the fork: what both begin with.
    private mutating func releaseCommon(
        of piece: OpenPiece,
        fork: Int,
        _ text: Span<UInt8>,
        _ words: Span<UInt32>,
        to output: inout [UInt32]
    ) {
        var next = OpenPiece(at: fork)
        if let branch, branch.root == fork { next = branch }
        next.extend(by: text, to: text.count, tables, words)
        let whole = piece.path(from: released, to: piece.settled(tables, words), tables, words)
        let settled = next.settled(orEndingAt: scanner.otherEnd(beyond: fork), tables, words)
        let forked =
            piece.path(from: released, to: fork, tables, words)
            + next.path(from: max(fork, released), to: settled, tables, words)
        for (one, other) in zip(whole, forked) {
            guard one == other else { break }
            output.append(one)
            released += tables.length(of: one, words)
        }
        next.forget(before: released)
        branch = next
    }

    /// Takes the text out, so that it is not copied when it grows.
    private mutating func takeText() -> [UInt8] {
        defer { text = [] }
        return text
    }

    /// Keeps that part of the text of which something will be asked.
    private mutating func keep(_ text: consuming [UInt8]) {
        let count = max(0, min(released, text.count - Self.lookBackBytes))
        text.removeFront(count)
        self.text = text
        released -= count
        scanner.shift(by: count)
        piece?.shift(by: count)
        branch?.shift(by: count)
    }
}

extension Array {
    /// Removes elements at the front, and gives back the space if it was much.
    mutating func removeFront(_ count: Int) {
        if self.count > 1 << 14 {
            self = Array(self[count...])
        } else {
            removeFirst(count)
        }
    }
}
