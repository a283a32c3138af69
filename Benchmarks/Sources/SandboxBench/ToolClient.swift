import Workers

/// A client of the daemon's python tool over MCP's HTTP+SSE transport, as small as can be: calls go out on one
/// connection, answers come back on another.
final class ToolClient {
    private let posts: Connection
    private let path: String
    private let events: EventStream
    private var callCount = 0

    /// Opens the event stream of the tool at `port` and says hello.
    init(port: UInt16) throws {
        posts = try Connection(port: port)
        events = try EventStream(port: port)
        path = try events.next()
        let client = #"{"name":"bench","version":"1"}"#
        try call("initialize", #"{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":\#(client)}"#)
        try post(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    }

    /// Runs `cell` and waits for its result; a failure is no measurement.
    func run(_ cell: Cell) throws {
        let answer = try call("tools/call", #"{"name":"python","arguments":{"code":"\#(cell.source)"}}"#)
        guard answer.utf8.count >= cell.outputBytesMin, !answer.contains(#""isError":true"#) else {
            throw BenchError("the tool answered: \(answer)")
        }
    }

    /// Asks, and gives back the whole message that answers.
    @discardableResult
    private func call(_ method: String, _ parameters: String) throws -> String {
        callCount += 1
        try post(#"{"jsonrpc":"2.0","id":\#(callCount),"method":"\#(method)","params":\#(parameters)}"#)
        while true {
            let message = try events.next()
            if message.contains(#""id":\#(callCount),"#) || message.contains(#""id":\#(callCount)}"#) { return message }
        }
    }

    /// Posts a message and reads the answer to the post itself, which says only that it came.
    private func post(_ body: String) throws {
        let head = [
            "POST \(path) HTTP/1.1", "Host: localhost", "Content-Type: application/json",
            "Content-Length: \(body.utf8.count)",
        ]
        try posts.write((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
        var answer = ""
        repeat { answer += String(decoding: try posts.read(), as: UTF8.self) } while !answer.contains("\r\n\r\n")
        guard answer.contains("HTTP/1.1 202") else { throw BenchError("the post was answered: \(answer)") }
    }
}

/// The data of one event after the other.
///
/// Lines that are not data, HTTP's chunk sizes among them, are passed over. An event of ours is one line of data, and
/// one that is small is in one chunk.
private final class EventStream {
    private let connection: Connection
    private var unread: [UInt8] = []

    init(port: UInt16) throws {
        connection = try Connection(port: port)
        try connection.write("GET /python/sse HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".utf8)
        let status = try nextLine()
        guard status.hasPrefix("HTTP/1.1 200") else { throw BenchError("the stream was answered: \(status)") }
    }

    func next() throws -> String {
        while true {
            let line = try nextLine()
            if line.hasPrefix("data: ") { return String(line.dropFirst("data: ".count)) }
        }
    }

    private func nextLine() throws -> String {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = unread[..<end].filter { $0 != UInt8(ascii: "\r") }
                unread.removeSubrange(...end)
                return String(decoding: line, as: UTF8.self)
            }
            unread += try connection.read()
        }
    }
}
