/// The scalars of a header, or of a word in one.
///
/// Not `Substring`: a combining mark after `to=` must not hide it, and equal is what has the same scalars.
typealias HeaderText = Substring.UnicodeScalarView

extension HeaderText {
    /// As a string.
    var string: String { String(Substring(self)) }

    /// What is left without the spaces at both ends.
    func trimmed(_ isSpace: (Unicode.Scalar) -> Bool) -> HeaderText {
        var rest = drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }

    func starts(with text: String) -> Bool { starts(with: text.unicodeScalars) }

    func equals(_ text: String) -> Bool { elementsEqual(text.unicodeScalars) }

    /// The first word, and what follows the spaces after it; both are empty where there is no word.
    func cuttingFirstWord() -> (word: HeaderText, rest: HeaderText) {
        let start = drop { $0.isHeaderSpace }
        let word = start.prefix { !$0.isHeaderSpace }
        return (word, start[word.endIndex...].drop { $0.isHeaderSpace })
    }

    /// The words.
    var words: [HeaderText] { split { $0.isHeaderSpace } }
}

extension Unicode.Scalar {
    /// Unicode's `White_Space`, as Rust's `char::is_whitespace` has it: a property that never changes.
    var isWhiteSpace: Bool { properties.isWhitespace }

    /// What separates words for the lenient parser: white space and the four separators of ASCII.
    var isHeaderSpace: Bool { isWhiteSpace || ("\u{1C}"..."\u{1F}").contains(self) }

    /// What separates words for the strict parser: Rust's `split_ascii_whitespace`, which lets U+000B be.
    var isASCIISpace: Bool { self == " " || self == "\t" || self == "\n" || self == "\u{C}" || self == "\r" }
}
