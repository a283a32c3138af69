import TestSupport

extension SplitMix {
    /// A number from 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self)
    }

    /// Text in which everything that the pre-tokenizer tells apart comes often, and side by side.
    mutating func text(partsMax: Int) -> String {
        var text = ""
        for _ in 0...below(partsMax) {
            let part = Self.parts[below(Self.parts.count)]
            text += below(8) == 0 ? String(repeating: part, count: below(40)) : part
        }
        return text
    }

    private static let parts = [
        " ", "  ", "\n", "\r\n", "\t", "\u{A0}", "\u{3000}", "\u{2028}", "a", "B", "the", "The", "HTTP", "ing", "é",
        "Ü",
        "漢", "字", "ひらがな", "한국", "\u{301}", "\u{17F}", "ǅ", "ʰ", "0", "12", "345", "Ⅷ", "٣", "'", "'s", "'LL", "'re",
        "'v", "-", "--", "=", "/", "//", ".", ",", "(", ")", "{", "\"", "<|", "|>", "<|start|>", "😀", "👩‍👩‍👧", "\u{FFFD}",
        "_",
        "return", "import", "function", "aGVsbG8=", "\u{0}", "\u{85}", "\u{1B}[0m", "ß", "Ω", "\u{10FFFF}",
    ]
}
