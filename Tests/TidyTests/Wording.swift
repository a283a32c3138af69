import Foundation

/// The words that the glossary bans, found in text of any kind.
struct Wording {
    /// Each in lower case; a word may be two, with a space between.
    let words: [String]
    /// The last word of each, as bytes: a line without any of these has no banned word.
    private let signs: Set<[UInt8]>

    /// Reads the first column of the glossary's last table.
    init(glossary: String) {
        let rows = glossary.components(separatedBy: "## Words that we do not use").last ?? ""
        let words = rows.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).flatMap { row in
            row.split(separator: "|")[0].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        self.words = words
        signs = Set(words.compactMap { $0.split(separator: " ").last.map { Array($0.utf8) } })
    }

    /// The lines, from 1 on, that have a banned word, each with the words.
    ///
    /// Parts of names count as words: `mailBox` has two. What stands alone in backticks or quotes is a name of someone
    /// else's, and so exempt, as is "behind a proxy".
    func offences(in text: String) -> [(line: Int, word: String)] {
        var found: [(Int, String)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where hasSign(line.utf8) {
            let plain = Self.plain(String(line))
            for word in words where plain.contains(" \(word) ") { found.append((index + 1, word)) }
        }
        return found
    }

    /// Whether a word of the line, or a part of a name in it, is one of `signs`; quick, for all lines are asked.
    private func hasSign(_ line: Substring.UTF8View) -> Bool {
        var word: [UInt8] = []
        var isSmall = false
        for byte in line {
            let isLetter = (byte | 0x20) &- UInt8(ascii: "a") < 26
            if !isLetter || (isSmall && byte < UInt8(ascii: "a")) {
                if signs.contains(word) { return true }
                word.removeAll(keepingCapacity: true)
            }
            if isLetter { word.append(byte | 0x20) }
            isSmall = isLetter && byte >= UInt8(ascii: "a")
        }
        return signs.contains(word)
    }

    /// The words of a line in lower case, one space between, before and after them.
    private static func plain(_ line: String) -> String {
        var text = line
        for exempt in [#/`[^` ]+`/#, #/"[^" ]+"/#, #/'[^' ]+'/#] { text.replace(exempt, with: " ") }
        // Plain English, Python's word, and the scheme of addresses.
        text.replace(#/is None|there is none|(?i:mailto)/#, with: " ")
        text.replace(#/(?i:behind) (?:a|the|such a|another) (?:reverse )?prox(?:y|ies)/#, with: " ")
        text.replace(#/([a-z])([A-Z])/#) { "\($0.1) \($0.2)" }
        let words = text.lowercased().split { !$0.isLetter && $0 != "'" }.map {
            $0.hasSuffix("'s") ? $0.dropLast(2) : $0[...]
        }
        return " \(words.joined(separator: " ")) "
    }
}
