import NIOHTTP1
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct AnswerParserTests {
    /// The body of `answer`, read in pieces of `size` bytes, and whether it came to its end.
    private func body(of answer: String, in size: Int, hasBody: Bool = true) throws -> (text: String, isWhole: Bool) {
        var parser = AnswerParser(hasBody: hasBody)
        var parts: [AnswerParser.Part] = []
        var rest = Array(answer.utf8)[...]
        while !rest.isEmpty {
            parts += try parser.read(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        if let end = parser.finish() { parts.append(end) }
        let bytes = parts.flatMap { part -> [UInt8] in if case .body(let bytes) = part { bytes } else { [] } }
        return (String(decoding: bytes, as: UTF8.self), parts.last == .end)
    }

    private static let ok = "HTTP/1.1 200 OK\r\n"

    @Test(arguments: [
        ("\(ok)Content-Length: 5\r\n\r\nhello, and more", "hello", true),
        ("\(ok)Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "hello", true),
        ("\(ok)Content-Length: 5, 5\r\n\r\nhello", "hello", true),
        ("\(ok)Content-Length: 9\r\n\r\nhello", "hello", false),
        ("\(ok)Content-Length: many\r\n\r\nhello", "hello", true),
        ("\(ok)\r\nhello", "hello", true), ("\r\n\r\n\(ok)\r\nhello", "hello", true),
        ("HTTP/1.0 200\nA: b\n\nhello", "hello", true), ("HTTP/1.1 404 \n\nhello", "hello", true),
        ("\(ok)Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n", "hello", true),
        ("\(ok)Transfer-Encoding: Chunked\nContent-Length: 2\n\n005 \nhello\n0", "hello", false),
        ("\(ok)Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "hello", false),
        ("\(ok)Transfer-Encoding: chunked\r\n\r\n9\r\nhello", "hello", false),
        ("\(ok)Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello", "hello", true),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\n\(ok)\r\nhello", "hello", true),
        ("HTTP/1.1 204 No Content\r\n\r\nhello", "", true), ("\(ok)no field at all\r\n: b\r\n\r\nhello", "hello", true),
    ])
    func `a body ends where browsers think it does, however it is cut on the way`(
        answer: String,
        text: String,
        isWhole: Bool
    ) throws {
        for size in [1, 2, 3, 7, 1000] {
            let found = try body(of: answer, in: size)
            #expect(found.text == text && found.isWhole == isWhole, "in pieces of \(size)")
        }
    }

    @Test func `the answer to HEAD has no body`() throws {
        let found = try body(of: "\(Self.ok)Content-Length: 5\r\n\r\n", in: 9, hasBody: false)
        #expect(found.text.isEmpty && found.isWhole)
    }

    @Test func `fields are read without what is around them, and folded ones are one`() throws {
        let head =
            "\(Self.ok)A:b\r\nFolded: one\r\n\t two\n three\r\nBlank \t:  c d \t\r\nSplit: e\rF: g\r\nA: \r\n\r\n"
        var parser = AnswerParser()
        guard case .head(200, let headers)? = try parser.read(head.utf8).first else {
            Issue.record("no head")
            return
        }
        #expect(headers.map(\.name) == ["A", "Folded", "Blank", "Split", "A"])
        #expect(headers.map(\.value) == ["b", "one two three", "c d", "e F: g", ""])
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "<html>", "HTTP/2 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 0200 OK\r\n\r\n",
        "HTTP/1.1 099 Odd\r\n\r\n", "HTTP/1.1 101 Other\r\n\r\n", "\(ok)A: b\0c\r\n\r\n",
        "\(ok)Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "\(ok)Transfer-Encoding: gzip, chunked\r\n\r\n", "\(ok)Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        "\(ok)Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello", "\(ok)Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n",
        "\(ok)Transfer-Encoding: chunked\r\n\r\n7fffffffffffffffff\r\nhello",
    ])
    func `what could be read in two ways, or is no HTTP, is refused`(answer: String) {
        for size in [1, 1000] {
            #expect(throws: FetchError.self) { try body(of: answer, in: size) }
        }
    }

    @Test func `no stream of bytes traps or takes long`() throws {
        var random = SplitMix(seed: 0x5EED)
        let pieces = [
            Self.ok, "\r\n", "\n", "\r", "Content-Length: 5", "Transfer-Encoding: chunked", ": ", "5", "0", "\0",
            "hello", "é",
        ]
        for _ in 0..<3000 {
            let start = Bool.random(using: &random) ? Self.ok : ""
            let count = Int.random(in: 0..<20, using: &random)
            let answer = start + (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let whole = try? body(of: answer, in: 4096)
            let cut = try? body(of: answer, in: Int.random(in: 1..<9, using: &random))
            #expect(whole?.text == cut?.text && whole?.isWhole == cut?.isWhole, "\(answer.debugDescription)")
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a line that does not end takes linear time`() throws {
        var parser = AnswerParser()
        _ = try parser.read("HTTP/1.1 200 OK\r\nA: ".utf8)
        for _ in 0..<20_000 { _ = try parser.read([0x61]) }
        let parts = try parser.read("\r\n\r\n".utf8)
        #expect(parts.count == 1)
    }
}
