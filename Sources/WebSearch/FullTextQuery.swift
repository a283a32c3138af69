/// A query in the language of SQLite's full-text search, made from any text: nothing a model writes is a mistake in it.
struct FullTextQuery: Equatable, Sendable {
    /// Finds what has everything that was asked for; nil if nothing was.
    let all: String?
    /// Finds what has any of it; nil if that is the same.
    let any: String?
    /// The other words of the query, in lower case.
    let words: [String]
    /// The runs of Chinese, Japanese and Korean in the query.
    let runs: [String]

    private static let termsMax = 32
    private static let termScalarsMax = 128

    init(_ text: String) {
        let pieces = Self.pieces(of: text)
        let all = pieces.map(\.phrase)
        var any: [String] = []
        for part in pieces.lazy.flatMap(\.parts).prefix(Self.termsMax) where !any.contains(part) { any.append(part) }
        self.all = all.isEmpty ? nil : all.joined(separator: " AND ")
        self.any = any == [self.all] ? nil : any.joined(separator: " OR ")
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
