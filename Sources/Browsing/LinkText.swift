internal import PythonText

/// What a model means by a text that it wrote where the number of a link, or a URL, is wanted.
enum LinkText: Equatable {
    /// Nothing was written, or something negative: the page itself.
    case here
    /// The number of a link, alone or in the mark that displays it.
    case link(Int)
    /// A citation: a line of the page at `cursor`.
    case line(Int, cursor: Int)
    /// A URL, or the name of a host with or without a path.
    case url(String)
    /// A reference that means something only on the page that it is from.
    case reference(String)
    /// Anything else.
    case unclear

    /// Reads what was written as `id`.
    init(_ written: String) {
        let text = Self.unwrapped(written)
        if text.isEmpty {
            self = .here
        } else if let number = BrowsingArgument.text(text).wholeNumber {
            self = number < 0 ? .here : .link(number)
        } else if let mark = LinkMark(text) {
            self = mark.line.map { .line($0, cursor: mark.number) } ?? .link(mark.number)
        } else if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("?") {
            self = .reference(text)
        } else if Self.isHost(text.prefix { !"/?#".contains($0) }) {
            self = .url("https://" + text)
        } else if Self.hasScheme(text) {
            self = .url(text)
        } else {
            self = .unclear
        }
    }

    /// The text without white space, quotation marks and brackets around it; of a Markdown link, its target.
    private static func unwrapped(_ written: String) -> String {
        var text = String(decoding: Whitespace.stripped(Array(written.utf8)), as: UTF8.self)
        if text.hasPrefix("["), text.hasSuffix(")"), let start = text.firstRange(of: "](") {
            text = String(text[start.upperBound...].dropLast())
        }
        while let first = text.first, let last = text.last, text.count > 1, pairs.contains([first, last]) {
            text = String(decoding: Whitespace.stripped(Array(text.dropFirst().dropLast().utf8)), as: UTF8.self)
        }
        return text
    }

    private static let pairs: Set<[Character]> = [
        ["<", ">"], ["\"", "\""], ["'", "'"], ["`", "`"], ["“", "”"], ["‘", "’"],
    ]

    /// `example.com` and `example.com:8080`, which nothing else looks like: a link's number has no letters.
    private static func isHost(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let labels = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, labels.count > 1, let last = labels.last, last.count > 1 else { return false }
        return labels.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || "-_".contains($0) } }
            && last.allSatisfy { $0.isLetter } && (parts.count == 1 || UInt16(parts[1]) != nil)
    }

    private static func hasScheme(_ text: String) -> Bool {
        guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isASCII, first.isLetter,
            let next = text[colon...].dropFirst().first, !next.isWhitespace
        else { return false }
        return text[..<colon].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }
}

/// A mark as displays have it for links, `【3†words†host】`, or as models cite by it, `【3†L9-L11】`; brackets may be missing.
struct LinkMark: Equatable {
    let number: Int
    /// The first line of a citation; nil if this is a link's.
    let line: Int?

    init?(_ text: String) {
        var inner = text[...]
        if inner.first == "【" { inner.removeFirst() }
        if inner.last == "】" { inner.removeLast() }
        let parts = inner.split(separator: "†", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 || inner.count < text.count,
            let number = BrowsingArgument.text(String(parts[0])).wholeNumber, number >= 0
        else { return nil }
        self.number = number
        line = parts.count == 2 ? LineNumbers(parts[1])?.first : nil
    }
}

/// Lines as displays number them and citations name them: `L9`, `L9-L11` or `L9-11`.
public struct LineNumbers: Equatable, Sendable {
    /// The first of them.
    public let first: Int
    /// The last of them; the same as the first where one is named alone.
    public let last: Int

    /// Reads `text`; nil if it is anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = Self.number(parts[0]), text.first == "L" || text.first == "l",
            let last = parts.count == 1 ? first : Self.number(parts[1]), first <= last
        else { return nil }
        (self.first, self.last) = (first, last)
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        let digits = text.first == "L" || text.first == "l" ? String(text.dropFirst()) : String(text)
        return digits.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 } ? Int(digits) : nil
    }
}
