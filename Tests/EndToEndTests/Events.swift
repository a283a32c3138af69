import AsyncHTTPClient
import JSON
import MCP
import NIOCore

/// The events of one response, read one at a time; while the test does not read, the daemon cannot write.
struct Events {
    /// One event, without its comments.
    struct Event {
        var name = "message"
        var data = ""
    }

    private static let bytesMax = 4 << 20
    private var body: HTTPClientResponse.Body.AsyncIterator
    private var pending: [UInt8] = []
    /// What before the next newline was looked at already.
    private var position = 0

    init(_ response: HTTPClientResponse) {
        body = response.body.makeAsyncIterator()
    }

    /// The next event; nil at the end of the stream.
    mutating func next() async throws -> Event? {
        var event = Event()
        var isEmpty = true
        while let line = try await nextLine() {
            if line.isEmpty {
                if !isEmpty { return event }
            } else if line.hasPrefix("event: ") {
                event.name = String(line.dropFirst(7))
            } else if line.hasPrefix("data: ") {
                event.data += line.dropFirst(6)
                isEmpty = false
            }
        }
        return nil
    }

    /// The next message of the protocol; throws at the end of the stream.
    mutating func message() async throws -> JSONValue {
        guard let event = try await next() else { throw StreamEnded() }
        return try JSONValue(parsing: Array(event.data.utf8))
    }

    private mutating func nextLine() async throws -> String? {
        while true {
            if let end = pending[position...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = pending[..<end].last == UInt8(ascii: "\r") ? pending[..<(end - 1)] : pending[..<end]
                defer {
                    pending.removeFirst(end + 1)
                    position = 0
                }
                return String(decoding: line, as: UTF8.self)
            }
            position = pending.count
            guard position < Self.bytesMax, let piece = try await body.next(isolation: #isolation) else { return nil }
            pending += piece.readableBytesView
        }
    }
}

/// A stream that ended before the answer came.
struct StreamEnded: Error {}
