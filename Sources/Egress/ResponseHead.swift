internal import NetworkAccess

/// What a host answers, before the body.
struct ResponseHead: Sendable {
    /// More than servers send, and less than would hurt.
    static let bytesMax = 64 << 10

    let status: Int
    private let statusLine: ArraySlice<UInt8>
    private let fields: HeaderFields

    /// Reads a head up to and including the empty line; nil if it is malformed.
    init?(_ bytes: [UInt8]) {
        let lines = bytes[...].splitLines()
        guard let first = lines.first, let fields = HeaderFields(lines: lines.dropFirst()),
            lines.reduce(2, { $0 + $1.count + 2 }) == bytes.count, first.allSatisfy(\.isFieldByte)
        else { return nil }
        let words = first.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0] == Array("HTTP/1.1".utf8)[...] || words[0] == Array("HTTP/1.0".utf8)[...],
            words[1].count == 3, words[1].allSatisfy(\.isDigit),
            let status = Int(String(decoding: words[1], as: UTF8.self)), status >= 100
        else { return nil }
        self.status = status
        self.statusLine = first
        self.fields = fields
    }

    /// Whether another head follows, as after `100 Continue`.
    var isInterim: Bool { status < 200 }

    /// Where the body ends; nil if that is not clear.
    func framing(answering method: String) -> BodyFraming? {
        guard let framing = BodyFraming(fields) else { return nil }
        return method == "HEAD" || isInterim || status == 204 || status == 304 ? BodyFraming.none : framing
    }

    /// The head as the session shall get it.
    var forwarded: [UInt8] {
        let close = isInterim ? "\r\n" : "Connection: close\r\n\r\n"
        return Array(statusLine) + Array("\r\n".utf8) + fields.endToEnd().encoded + Array(close.utf8)
    }
}
