internal import NIOHTTP1

/// One answer of a server, decompressed.
struct HTTPAnswer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]
    /// Whether there is more of the body than what is kept, or more was announced than came.
    let isTruncated: Bool

    /// Whether the status asks to look elsewhere for the same page.
    var isRedirection: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Whether it is what was asked for.
    var isSuccess: Bool { (200...299).contains(status) }

    /// The one value of a field, however often it is said; nil if there is none, or two.
    func only(_ name: String) -> String? {
        let values = Set(headers[name])
        return values.count == 1 ? values.first : nil
    }
}
