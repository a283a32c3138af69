internal import SystemCodecs

/// Tells the encodings of China, Japan and Korea from each other, and from all others, by their characters.
///
/// A guess has to be plain: the bytes are nearly all whole characters, these stand beside each other as they do in words,
/// and most of them are of those that texts are made of.
enum EastAsianGuess {
    /// How much of a page is looked at, in bytes.
    private static let bytesMax = 256 << 10
    /// Fewer characters than these could be anything.
    private static let charactersMin = 6

    /// The encoding of `bytes`; nil where that is not plain.
    static func encoding(of bytes: [UInt8]) -> LegacyEncoding? {
        let sample = bytes.prefix(bytesMax)
        let pairs = Tally(of: sample) { $0 >= 0xA1 && $1 >= 0xA1 }
        let isPlain = pairs.isPlain
        if isPlain, pairs.share(of: { lead, _ in lead == 0xA4 || lead == 0xA5 }) > 0.15 { return .eucJP }
        if isPlain, pairs.share(of: { lead, _ in (0xB0...0xC8).contains(lead) || lead < 0xA4 }) > 0.93 { return .eucKR }
        if isPlain, pairs.share(of: { lead, _ in (0xB0...0xD7).contains(lead) || lead < 0xA4 }) > 0.8 {
            return .gb18030
        }
        let shiftJIS = Tally(of: sample) { lead, trail in
            (0x81...0x9F).contains(lead) || (0xE0...0xFC).contains(lead)
                ? trail >= 0x40 && trail != 0x7F && trail < 0xFD : false
        }
        if shiftJIS.isPlain, shiftJIS.share(of: { $0 == 0x83 || ($0 == 0x82 && $1 >= 0x9F) }) > 0.15 {
            return .shiftJIS
        }
        let big5 = Tally(of: sample) { lead, trail in
            lead >= 0x87 && lead < 0xFF && ((0x40..<0x7F).contains(trail) || trail >= 0xA1)
        }
        if big5.isPlain, big5.share(of: { lead, _ in (0xA4...0xC6).contains(lead) || lead == 0xA1 }) > 0.8 {
            return .big5
        }
        let gbk = Tally(of: sample) { lead, trail in lead >= 0x81 && trail >= 0x40 && trail != 0x7F }
        let isCommon = gbk.share { (0xB0...0xD7).contains($0) && $1 >= 0xA1 || (0xA1...0xA3).contains($0) }
        return gbk.isPlain && isCommon > 0.8 ? .gb18030 : nil
    }

    /// The characters of two bytes in a text.
    private struct Tally {
        private var counts = Array(repeating: 0, count: 1 << 16)
        private var wholeCount = 0
        private var brokenCount = 0
        /// Those that follow another.
        private var followingCount = 0

        init(of bytes: ArraySlice<UInt8>, isCharacter: (UInt8, UInt8) -> Bool) {
            var isAfterWhole = false
            var index = bytes.startIndex
            while index < bytes.endIndex {
                let lead = bytes[index]
                guard lead >= 0x80 else {
                    isAfterWhole = false
                    index += 1
                    continue
                }
                // The sample may end within a character.
                guard index + 1 < bytes.endIndex else { break }
                let isWhole = isCharacter(lead, bytes[index + 1])
                if isWhole {
                    counts[Int(lead) << 8 | Int(bytes[index + 1])] += 1
                    wholeCount += 1
                    if isAfterWhole { followingCount += 1 }
                } else {
                    brokenCount += 1
                }
                isAfterWhole = isWhole
                index += isWhole ? 2 : 1
            }
        }

        /// Whether nearly all bytes are whole characters, and these make words.
        var isPlain: Bool {
            wholeCount >= charactersMin && brokenCount * 50 <= wholeCount && followingCount * 2 >= wholeCount
        }

        /// How many of all characters are of a kind.
        func share(of isOfKind: (UInt8, UInt8) -> Bool) -> Double {
            var count = 0
            for (code, times) in counts.enumerated() where times > 0 && isOfKind(UInt8(code >> 8), UInt8(code & 0xFF)) {
                count += times
            }
            return Double(count) / Double(max(1, wholeCount))
        }
    }
}
