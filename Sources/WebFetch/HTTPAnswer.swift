internal import NIOHTTP1

/// One answer of a server, decompressed.
struct HTTPAnswer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]
    /// Whether the body was longer than what is kept.
    let isTruncated: Bool

    /// Whether the status asks to look elsewhere for the same page.
    var isRedirection: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// The one value of a field; nil if there is none, or more than one.
    func only(_ name: String) -> String? {
        let values = headers[name]
        return values.count == 1 ? values[0] : nil
    }
}
