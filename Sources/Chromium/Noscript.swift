/// What a page says to those who run no scripts.
enum Noscript {
    private static let start = Array("<noscript".utf8)
    private static let end = Array("</noscript>".utf8)

    /// A document without it, as a browser writes one whose scripts were run: in lower case, and its content as it is.
    static func removed(from html: String) -> String {
        let source = Array(html.utf8)
        var kept: [UInt8] = []
        var rest = source[...]
        while let first = rest.firstRange(of: start), let last = rest[first.upperBound...].firstRange(of: end) {
            kept += rest[..<first.lowerBound]
            rest = rest[last.upperBound...]
        }
        return String(decoding: kept + rest, as: UTF8.self)
    }
}
