/// A query in the language of SQLite's full-text search, made from any text: nothing a model writes is a mistake in it.
///
/// It finds what has any of the words that the text is about. What has them side by side has them twice, and ranks higher.
struct FullTextQuery: Equatable, Sendable {
    /// The query; nil if nothing was asked for.
    let match: String?
    /// What the text is about, in lower case, without Chinese, Japanese and Korean.
    let words: [String]
    /// The runs of Chinese, Japanese and Korean in the query.
    let runs: [String]

    private static let termsMax = 32
    private static let termScalarsMax = 128

    init(_ text: String) {
        let all = Self.pieces(of: text)
        let telling = all.filter { !$0.isStopWord }
        let pieces = telling.isEmpty ? all : telling
        var terms: [String] = []
        for part in pieces.lazy.flatMap(\.parts).prefix(Self.termsMax) where !terms.contains(part) {
            terms.append(part)
        }
        terms += pieces.filter { $0.parts.count > 1 }.map(\.phrase).prefix(Self.termsMax)
        terms += zip(pieces, pieces.dropFirst()).compactMap { $0.beside($1) }
        match = terms.isEmpty ? nil : terms.joined(separator: " OR ")
        words = pieces.flatMap(\.words)
        runs = pieces.compactMap(\.run)
    }

    /// What stands together: words without blanks between, or a run of characters.
    private enum Piece {
        case words([String])
        case run(String)

        /// All of it, in this order.
        var phrase: String {
            switch self {
            case .words(let words): "\"\(words.joined(separator: " "))\""
            case .run(let run):
                run.unicodeScalars.count == 1 ? "\"\(run)\"*" : "\"\(Self.pairs(in: run).joined(separator: " "))\""
            }
        }

        /// Each of it.
        var parts: [String] {
            switch self {
            case .words(let words): words.map { "\"\($0)\"" }
            case .run(let run): run.unicodeScalars.count == 1 ? [phrase] : Self.pairs(in: run).map { "\"\($0)\"" }
            }
        }

        /// The end of this and the beginning of `next`, with at most one word between; nil unless both are words.
        func beside(_ next: Piece) -> String? {
            guard case .words(let words) = self, let last = words.last, case .words(let others) = next,
                let first = others.first
            else { return nil }
            return "NEAR(\"\(last)\" \"\(first)\", 1)"
        }

        var isStopWord: Bool {
            if case .words(let words) = self { words.count == 1 && StopWords.contains(words[0]) } else { false }
        }

        var words: [String] {
            if case .words(let words) = self { words.map { $0.lowercased() } } else { [] }
        }

        var run: String? {
            if case .run(let run) = self { run } else { nil }
        }

        private static func pairs(in run: String) -> [String] {
            zip(run.unicodeScalars, run.unicodeScalars.dropFirst()).map { "\($0)\($1)" }
        }
    }

    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var words: [String] = []
        var current = ""
        var isRun = false
        func endWord() {
            guard !current.isEmpty else { return }
            if isRun { pieces.append(.run(current)) } else { words.append(current) }
            (current, isRun) = ("", false)
        }
        func endPiece() {
            endWord()
            if !words.isEmpty { pieces.append(.words(words)) }
            words = []
        }
        for scalar in text.unicodeScalars.prefix(termsMax * termScalarsMax) where pieces.count + words.count < termsMax
        {
            if scalar.properties.isWhitespace {
                endPiece()
            } else if !isOfWord(scalar) {
                endWord()
            } else {
                if CJK.contains(scalar) != isRun, !current.isEmpty || CJK.contains(scalar) {
                    endPiece()
                    isRun = CJK.contains(scalar)
                }
                if current.unicodeScalars.count < termScalarsMax { current.unicodeScalars.append(scalar) }
            }
        }
        endPiece()
        return pieces.count > termsMax ? Array(pieces.prefix(termsMax)) : pieces
    }

    /// Whether the index takes `scalar` for a part of words.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .privateUse, .nonspacingMark:
            true
        default: false
        }
    }
}
