internal import NIOHTTP1

/// Reads one answer of HTTP/1 as it comes, as leniently as browsers do: the connection carries nothing else, so that
/// what is read of it can mean nothing else to anybody.
///
/// Bare line feeds end lines, folded lines are one, a length that is said twice is one length, and chunks go before a
/// length. Two lengths, and a coding of the transfer that was not asked for, are refused.
struct AnswerParser {
    enum Part: Equatable {
        case head(status: Int, HTTPHeaders)
        case body([UInt8])
        case end
    }

    private enum State: Equatable {
        case head
        /// So many bytes; nil is all that comes.
        case body(left: Int?)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case over
    }

    /// How long the line before a chunk may be.
    private static let lineBytesMax = 4096

    /// Whether the request has an answer with a body.
    private let hasBody: Bool
    private var state = State.head
    /// What came and is not read yet, from `position` on.
    private var bytes: [UInt8] = []
    private var position = 0
    /// Where to look on for the end of a line.
    private var searched = 0
    private var lines: [ArraySlice<UInt8>] = []

    init(hasBody: Bool = true) {
        self.hasBody = hasBody
    }

    /// What `more` completes.
    mutating func read(_ more: some Sequence<UInt8>) throws(FetchError) -> [Part] {
        bytes.removeFirst(position)
        searched -= position
        position = 0
        bytes += more
        var parts: [Part] = []
        while state != .over, let part = try step() { if let part = part.value { parts.append(part) } }
        if case .head = state { try refuseOtherProtocols() }
        return parts
    }

    /// What the end of the connection says: the end of a body that has no other; nil where something is missing.
    mutating func finish() -> Part? {
        guard state == .body(left: nil) else { return nil }
        state = .over
        return .end
    }

    /// A step that was made, and what it gave.
    private struct Step { let value: Part? }

    /// Nil where more has to come first.
    private mutating func step() throws(FetchError) -> Step? {
        switch state {
        case .head: try readHeadLine()
        case .body(let left): readBody(left)
        case .chunk(let left): readChunk(left)
        case .chunkSize: try readChunkSize()
        case .chunkEnd: try readChunkEnd()
        case .over: nil
        }
    }

    private mutating func readBody(_ left: Int?) -> Step? {
        if left == 0 {
            state = .over
            return Step(value: .end)
        }
        guard let piece = take(left) else { return nil }
        state = .body(left: left.map { $0 - piece.count })
        return Step(value: .body(piece))
    }

    private mutating func readChunk(_ left: Int) -> Step? {
        guard let piece = take(left) else { return nil }
        state = piece.count == left ? .chunkEnd : .chunk(left: left - piece.count)
        return Step(value: .body(piece))
    }

    private mutating func readChunkSize() throws(FetchError) -> Step? {
        guard let line = try line(bytesMax: AnswerParser.lineBytesMax) else { return nil }
        let digits = line.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != 0x20 && $0 != 0x09 }
        guard (1...15).contains(digits.count), digits.allSatisfy({ $0.hexDigit != nil }),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw AnswerParser.noHTTP }
        // The fields after the last chunk say nothing about the page.
        state = size == 0 ? .over : .chunk(left: size)
        return Step(value: size == 0 ? .end : nil)
    }

    private mutating func readChunkEnd() throws(FetchError) -> Step? {
        guard let line = try line(bytesMax: 2) else { return nil }
        guard line.isEmpty else { throw AnswerParser.noHTTP }
        state = .chunkSize
        return Step(value: nil)
    }

    /// Up to `count` of the bytes that are there; nil if there are none.
    private mutating func take(_ count: Int?) -> [UInt8]? {
        guard position < bytes.count else { return nil }
        let end = count.map { min(bytes.count, position + $0) } ?? bytes.count
        defer { (position, searched) = (end, end) }
        return Array(bytes[position..<end])
    }

    /// The next line without its end; nil if it has not come.
    private mutating func line(bytesMax: Int? = nil) throws(FetchError) -> ArraySlice<UInt8>? {
        guard let end = bytes[searched...].firstIndex(of: 0x0a) else {
            searched = bytes.count
            if let bytesMax, searched - position > bytesMax { throw AnswerParser.noHTTP }
            return nil
        }
        let line = bytes[position..<end]
        (position, searched) = (end + 1, end + 1)
        return line.last == 0x0d ? line.dropLast() : line
    }

    static let noHTTP = FetchError(.protocolViolation, "the server does not answer in HTTP as it should")
}

// The head.
extension AnswerParser {
    private mutating func readHeadLine() throws(FetchError) -> Step? {
        guard let line = try line() else { return nil }
        guard line.isEmpty else {
            lines.append(line)
            return Step(value: nil)
        }
        // Blank lines before an answer are left over from nothing.
        guard !lines.isEmpty else { return Step(value: nil) }
        defer { lines = [] }
        let status = try AnswerParser.status(in: lines[0])
        if (100...199).contains(status), status != 101 { return Step(value: nil) }
        let headers = try AnswerParser.fields(in: lines.dropFirst())
        state = try framing(of: status, headers)
        return Step(value: .head(status: status, headers))
    }

    /// Who speaks another protocol may wait for an answer, and never end a line.
    private func refuseOtherProtocols() throws(FetchError) {
        let start = lines.first ?? bytes[position...].drop { $0 == 0x0d || $0 == 0x0a }
        let name = Array("HTTP/1".utf8)
        guard zip(start, name).allSatisfy({ $0 == $1 }) else { throw AnswerParser.noHTTP }
    }

    private static func status(in line: ArraySlice<UInt8>) throws(FetchError) -> Int {
        let words = line.split(separator: 0x20, maxSplits: 2)
        guard words.count >= 2, words[0].starts(with: "HTTP/1.".utf8), words[1].count == 3,
            words[1].allSatisfy(\.isDigit), let status = Int(String(decoding: words[1], as: UTF8.self)),
            status >= 100, status != 101
        else { throw noHTTP }
        return status
    }

    /// Names with their values; a line that is not a field is skipped.
    private static func fields(in lines: ArraySlice<ArraySlice<UInt8>>) throws(FetchError) -> HTTPHeaders {
        var fields: [(name: String, value: String)] = []
        for line in lines {
            guard !line.contains(0) else { throw noHTTP }
            if line.first == 0x20 || line.first == 0x09 {
                if let last = fields.indices.last { fields[last].value += " \(value(line))" }
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = value(line[..<colon])
            guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { continue }
            fields.append((name, value(line[(colon + 1)...])))
        }
        return HTTPHeaders(fields.map { ($0.name, $0.value) })
    }

    /// Without blanks around it, and with no control in it that could end a line.
    private static func value(_ bytes: ArraySlice<UInt8>) -> String {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0d }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(decoding: rest.map { $0 == 0x0d ? 0x20 : $0 }, as: UTF8.self)
    }

    /// How the body ends.
    private func framing(of status: Int, _ headers: HTTPHeaders) throws(FetchError) -> State {
        guard hasBody, status != 204, status != 304 else { return .body(left: 0) }
        let transfer = headers[canonicalForm: "transfer-encoding"].map { $0.lowercased() }.filter { $0 != "identity" }
        if !transfer.isEmpty {
            guard transfer.allSatisfy({ $0 == "chunked" }) else { throw AnswerParser.noHTTP }
            return .chunkSize
        }
        let lengths = Set(headers[canonicalForm: "content-length"])
        guard lengths.count <= 1 else { throw AnswerParser.noHTTP }
        // Of what is no length, browsers read all that comes.
        guard let text = lengths.first, (1...18).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) else {
            return .body(left: nil)
        }
        return .body(left: Int(text))
    }
}
