/// The part of a text that says most about a query.
///
/// SQLite's own excerpts take time that grows with the square of how often a long text has the words.
struct Excerpt {
    private static let bytesBefore = 90
    private static let bytesAfter = 270
    /// How far apart words stand together, in bytes.
    private static let windowBytes = 200
    private static let hitsMax = 20_000
    private static let runsMax = 4
    private static let pairBytes = 6

    private let text: [UInt8]

    /// The surroundings of what `query` asks for in `text`; nil if it is not there as it is spelled.
    static func of(_ text: [UInt8], for query: FullTextQuery) -> String? {
        let excerpt = Excerpt(text: text)
        guard let place = excerpt.place(of: query.runs) ?? excerpt.place(of: query.words.map(Self.stem(of:))) else {
            return nil
        }
        return excerpt.around(place)
    }

    /// Where one of the first `runs` is, or the first pair of characters of any.
    private func place(of runs: [String]) -> Int? {
        runs.prefix(Self.runsMax).lazy.compactMap { index(of: Array($0.utf8)) }.first ?? firstPair(of: runs)
    }

    /// Nearly all of these characters have three bytes; pairs with others are not looked for.
    private func firstPair(of runs: [String]) -> Int? {
        var pairs: Set<UInt64> = []
        for run in runs {
            for (first, second) in zip(run.unicodeScalars, run.unicodeScalars.dropFirst()) {
                let bytes = Array(UTF8.encode(first) ?? .init()) + Array(UTF8.encode(second) ?? .init())
                if bytes.count == Self.pairBytes, bytes[0] < 0xF0 { pairs.insert(Self.word(bytes[...])) }
            }
        }
        guard !pairs.isEmpty, text.count >= Self.pairBytes else { return nil }
        return (0...(text.count - Self.pairBytes)).first { index in
            text[index] & 0xF0 == 0xE0 && text[index + 3] & 0xF0 == 0xE0
                && pairs.contains(Self.word(text[index..<(index + Self.pairBytes)]))
        }
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    private func index(of wanted: [UInt8]) -> Int? {
        guard let first = wanted.first, wanted.count <= text.count else { return nil }
        for index in 0...(text.count - wanted.count) where text[index] == first {
            if text[index..<(index + wanted.count)].elementsEqual(wanted) { return index }
        }
        return nil
    }

    /// The beginning that a word shares with its other forms.
    private static func stem(of word: String) -> [UInt8] {
        let bytes = Array(word.utf8)
        for ending in endings where bytes.count >= ending.count + stemBytesMin && bytes.suffix(ending.count) == ending {
            return Array(bytes.dropLast(ending.count))
        }
        return bytes
    }

    private static let stemBytesMin = 3
    private static let endings = [
        "ations", "ation", "ings", "ions", "ing", "ion", "ies", "es", "ed", "ly", "s", "e", "y",
    ]
    .map { Array($0.utf8)[...] }
    /// The longest ending that a word may have after a stem, in bytes.
    private static let endingBytesMax = 6

    /// Where words with most of the stems `words`, in lower case, stand together for the first time.
    private func place(of words: [[UInt8]]) -> Int? {
        var recent: [(place: Int, word: Int)] = []
        var (first, distinct, best) = (0, 0, 0)
        var counts = [Int](repeating: 0, count: words.count)
        var place: Int?
        forEachHit(of: words) { hit in
            recent.append(hit)
            if counts[hit.word] == 0 { distinct += 1 }
            counts[hit.word] += 1
            while hit.place - recent[first].place > Self.windowBytes {
                counts[recent[first].word] -= 1
                if counts[recent[first].word] == 0 { distinct -= 1 }
                first += 1
            }
            if distinct > best { (best, place) = (distinct, recent[first].place) }
            return best < words.count && recent.count < Self.hitsMax
        }
        return place
    }

    /// Calls `body` with each word of the text that begins with one of `words`, until it says that it has enough.
    private func forEachHit(of words: [[UInt8]], _ body: ((place: Int, word: Int)) -> Bool) {
        var begins = [Bool](repeating: false, count: 256)
        for word in words { begins[Int(word[0])] = true }
        var index = 0
        while index < text.count {
            guard Self.isOfWord(text[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < text.count, Self.isOfWord(text[index]) { index += 1 }
            guard begins[Int(Self.lowered(text[start]))] else { continue }
            let found = words.firstIndex { word in
                (word.count...word.count + Self.endingBytesMax).contains(index - start)
                    && word.indices.allSatisfy { Self.lowered(text[start + $0]) == word[$0] }
            }
            if let found, !body((start, found)) { return }
        }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }

    private func around(_ place: Int) -> String {
        let start = beginning(from: max(0, place - Self.bytesBefore), to: place)
        let end = boundary(from: min(text.count, place + Self.bytesAfter))
        let excerpt = String(decoding: text[start..<end], as: UTF8.self)
        return (start > 0 ? "… " : "") + excerpt + (end < text.count ? " …" : "")
    }

    /// The first beginning of a word in a range, or of a scalar where there is none.
    private func beginning(from index: Int, to place: Int) -> Int {
        guard index > 0 else { return 0 }
        if let blank = text[index..<place].firstIndex(where: { $0 <= 0x20 }) { return blank + 1 }
        return boundary(from: index)
    }

    /// The first beginning of a scalar from `index` on.
    private func boundary(from index: Int) -> Int {
        text[index...].firstIndex { $0 & 0xC0 != 0x80 } ?? text.count
    }
}
