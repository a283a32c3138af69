internal import Tokenizer

/// The tokens of the text that a call shows, made while it comes in: each once, and each to be sent as it is.
struct ShownTokens: Sendable {
    private let encoding: Encoding
    private var encoder: IncrementalEncoder
    /// How many ids were given.
    private(set) var count = 0

    init(_ encoding: Encoding) {
        self.encoding = encoding
        encoder = IncrementalEncoder(encoding)
    }

    /// Takes what the text goes on with, and gives the ids that are certain now.
    mutating func feed(_ text: String) -> [UInt32] {
        let ids = encoder.feed(text.utf8.span)
        count += ids.count
        return ids
    }

    /// Takes the end of the text, and gives the rest of the ids.
    mutating func finish() -> [UInt32] {
        let ids = encoder.finish()
        count += ids.count
        return ids
    }

    /// How many ids there are if the text ends here.
    var countAtEnd: Int {
        var copy = self
        _ = copy.finish()
        return copy.count
    }

    /// The tokens of a text of its own.
    func ids(of text: String) -> [UInt32] { encoding.encode(text) }

    /// Takes the end of the text, whose ids these are, at a place where a piece begins.
    mutating func append(_ ids: some Collection<UInt32>) { count += ids.count }

    /// The end of `text` that has about `countMax` of its `ids`, and begins where a piece always begins, whatever is
    /// before: so its ids are the last ones. Nil where there is no such place near.
    ///
    /// `ids` may have some at their front that are not of `text`.
    func end(of text: String, ids: [UInt32], countMax: Int) -> (firstID: Int, firstByte: Int)? {
        let bytes = text.utf8.span
        let idealFirst = max(ids.count - countMax, 0)
        var place = self.bytes(before: idealFirst, in: text, ids: ids)
        for first in idealFirst..<min(idealFirst + (ids.count - idealFirst) / 8 + 1, ids.count) {
            if place > 0, bytes.isPieceStart(place) { return (first, place) }
            place += encoding.byteCount(of: ids[first]) ?? 0
        }
        return nil
    }
}

extension ShownTokens {
    /// Where, in bytes of `text`, the id at `first` begins, of `ids` whose last is the last of the text.
    func bytes(before first: Int, in text: String, ids: [UInt32]) -> Int {
        text.utf8.count - ids[max(first, 0)...].reduce(0) { $0 + (encoding.byteCount(of: $1) ?? 0) }
    }
}

extension Span<UInt8> {
    /// Whether a piece of pre-tokenization begins at `place`, whatever is before what can be seen here.
    ///
    /// No piece of the pattern of o200k_harmony goes on with a space after anything but a space, and none goes on after a
    /// line feed with anything but white space or a slash.
    fileprivate func isPieceStart(_ place: Int) -> Bool {
        let (last, next) = (self[place - 1], self[place])
        if last == UInt8(ascii: "\n") { return next > 0x20 && next < 0x80 && next != UInt8(ascii: "/") }
        return next == UInt8(ascii: " ") && last > 0x20 && last < 0x80
    }
}
