/// What a page says to those who run no scripts.
enum Noscript {
    private static let start = Array("<noscript".utf8)
    private static let end = Array("</noscript>".utf8)
    private static let scriptStart = Array("<script".utf8)
    private static let scriptEnd = Array("</script>".utf8)

    /// A document without it, as a browser writes one whose scripts were run: in lower case, and its content as it is.
    ///
    /// The scripts go too, in which anything could stand.
    static func removed(from html: String) -> String {
        let source = Array(html.utf8)
        var kept: [UInt8] = []
        var rest = source[...]
        while let mark = rest.firstIndex(of: UInt8(ascii: "<")) {
            kept += rest[..<mark]
            rest = rest[mark...]
            guard let end = end(of: rest), let last = rest.firstRange(of: end) else {
                kept.append(rest.removeFirst())
                continue
            }
            rest = rest[last.upperBound...]
        }
        return String(decoding: kept + rest, as: UTF8.self)
    }

    /// How what begins here, and is to go, ends.
    private static func end(of rest: ArraySlice<UInt8>) -> [UInt8]? {
        if rest.starts(with: start) { return end }
        return rest.starts(with: scriptStart) ? scriptEnd : nil
    }
}
