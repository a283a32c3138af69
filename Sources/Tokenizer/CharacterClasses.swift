/// The class of every Unicode scalar, as far as o200k tells scalars apart: one bit each, so that a set is a mask.
///
/// Pinned to Unicode 16, the version in the models' tokenizers: of thousands of scalars the standard library's
/// properties, which follow a later version, say something else.
struct CharacterClasses: Sendable {
    /// Upper or title case.
    static let upper: UInt8 = 1
    static let lower: UInt8 = 2
    /// Letters without case.
    static let otherLetter: UInt8 = 4
    static let mark: UInt8 = 8
    static let number: UInt8 = 16
    /// CR and LF.
    static let newline: UInt8 = 32
    /// White space that is no newline.
    static let space: UInt8 = 64
    static let symbol: UInt8 = 128

    /// What words are made of.
    static let wordPart = upper | lower | otherLetter | mark

    static let shared = CharacterClasses()

    private static let blockBits: UInt32 = 5

    /// For each block of scalars, where its classes begin in `classes`.
    private var starts: [UInt16] = []
    /// The distinct blocks; those of ASCII come first, so that an ASCII byte is its own index.
    private var classes: [UInt8] = []

    private init() {
        classes = Self.blockText.utf8.compactMap(Self.mask)
        starts.reserveCapacity(0x110000 >> Self.blockBits)
        for run in Self.blockRuns {
            starts.append(contentsOf: repeatElement(run.block << UInt16(Self.blockBits), count: Int(run.count)))
        }
    }

    /// The class that a letter in the generated text stands for; nil for what is between blocks.
    private static func mask(of letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "U"): upper
        case UInt8(ascii: "l"): lower
        case UInt8(ascii: "o"): otherLetter
        case UInt8(ascii: "m"): mark
        case UInt8(ascii: "n"): number
        case UInt8(ascii: "r"): newline
        case UInt8(ascii: "s"): space
        case UInt8(ascii: "-"): symbol
        default: nil
        }
    }

    /// The class of the scalar that begins at `offset` of well-formed UTF-8, and the offset after it.
    @inline(__always)
    func next(in text: Span<UInt8>, at offset: Int) -> (mask: UInt8, end: Int) {
        let byte = text[offset]
        guard byte >= 0x80 else { return (classes[Int(byte)], offset &+ 1) }
        return nextBeyondASCII(in: text, at: offset)
    }

    private func nextBeyondASCII(in text: Span<UInt8>, at offset: Int) -> (mask: UInt8, end: Int) {
        let lead = UInt32(text[offset])
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        // The lead byte of a sequence of n bytes begins with n ones and a zero.
        var scalar = lead & (0x7F >> UInt32(length))
        for index in 1..<length { scalar = scalar << 6 | UInt32(text[offset + index]) & 0x3F }
        let start = Int(starts[Int(scalar >> Self.blockBits)])
        return (classes[start + Int(scalar & (1 << Self.blockBits - 1))], offset + length)
    }
}
