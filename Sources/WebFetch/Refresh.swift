/// What a page says about going on to another by itself: by `<meta http-equiv="refresh">`, or a field of its answer.
struct Refresh: Equatable {
    /// After how many seconds.
    let seconds: Int
    /// Where to; relative to the page.
    let reference: String

    /// Up to so many seconds, who reads a page as a person does has not read it yet.
    static let immediateSecondsMax = 1

    var isImmediate: Bool { seconds <= Refresh.immediateSecondsMax }

    /// How much of a page is looked through, in bytes.
    private static let bytesMax = 256 << 10

    /// What `field` or, where that says nothing, the markup of `page` says; nil where the page stays.
    static func find(field: String?, in page: FetchedPage) -> Refresh? {
        if let refresh = field.flatMap({ Refresh($0) }) { return refresh }
        guard page.kind == .html else { return nil }
        let bytes = Array(page.text.utf8.prefix(bytesMax))
        guard mayRefresh(bytes) else { return nil }
        var tags = TagScanner(bytes)
        while let tag = tags.next() {
            guard tag.name == "meta", tag["http-equiv"]?.lowercased() == "refresh", let content = tag["content"],
                let refresh = Refresh(content)
            else { continue }
            return refresh
        }
        return nil
    }

    /// Whether the word is there at all: of most pages, nothing else is looked at.
    private static func mayRefresh(_ bytes: [UInt8]) -> Bool {
        let word = Array("refresh".utf8)
        return bytes.indices.contains { start in
            bytes[start] | 0x20 == word[0] && bytes.count - start >= word.count
                && zip(bytes[start...], word).allSatisfy { $0 | 0x20 == $1 }
        }
    }

    /// Reads `5; url=next.html` as the HTML standard does; nil where that says nothing, or names no page.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...].drop { $0.isHTMLSpace }
        let digits = rest.prefix(while: \.isDigit)
        guard !digits.isEmpty || rest.first == UInt8(ascii: ".") else { return nil }
        rest = rest.dropFirst(digits.count).drop { $0.isDigit || $0 == UInt8(ascii: ".") }
        guard let separator = rest.first, separator.isHTMLSpace || ";,".utf8.contains(separator) else { return nil }
        rest = rest.drop { $0.isHTMLSpace }
        if let mark = rest.first, ";,".utf8.contains(mark) { rest = rest.dropFirst().drop { $0.isHTMLSpace } }
        let reference = Refresh.withoutQuotes(Refresh.withoutName(rest))
        guard !reference.isEmpty else { return nil }
        // What does not fit is as good as never.
        seconds = digits.isEmpty ? 0 : Int(String(decoding: digits.prefix(9), as: UTF8.self)) ?? 0
        self.reference = String(decoding: reference, as: UTF8.self)
    }

    private static func withoutName(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard text.count > 3, zip(text, "url".utf8).allSatisfy({ $0 | 0x20 == $1 }) else { return text }
        let rest = text.dropFirst(3).drop { $0.isHTMLSpace }
        guard rest.first == UInt8(ascii: "=") else { return text }
        return rest.dropFirst().drop { $0.isHTMLSpace }
    }

    private static func withoutQuotes(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let quote = text.first, "\"'".utf8.contains(quote) else { return text }
        return text.dropFirst().prefix { $0 != quote }
    }
}
