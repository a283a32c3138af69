import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct LimitTests {
    private func outcome(
        limits: FetchLimits = .test,
        _ behavior: @escaping Behavior
    ) async throws -> Result<FetchedPage, FetchError> {
        try await withServer(behavior) { server in
            let fetcher = try WebFetcher.test(opening: [server.port], limits: limits)
            do throws(FetchError) {
                return .success(try await fetcher.fetch("http://pub.example:\(server.port)/"))
            } catch {
                return .failure(error)
            }
        }
    }

    private func code(limits: FetchLimits = .test, _ behavior: @escaping Behavior) async throws -> FetchError.Code? {
        if case .failure(let error) = try await outcome(limits: limits, behavior) { return error.code }
        return nil
    }

    private func limits(_ change: (inout FetchLimits) -> Void) -> FetchLimits {
        var limits = FetchLimits.test
        change(&limits)
        return limits
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9999999\r\n\r\n",
    ])
    func `a body that does not end is cut at the limit`(head: String) async throws {
        let found = try await outcome(endless(head, Array(repeating: 0x61, count: 1 << 16))).get()
        #expect(found.isTruncated)
        #expect(found.byteCount == 8 << 20)
        #expect(found.text.utf8.count == 8 << 20)
    }

    @Test func `a body of exactly the limit is whole`() async throws {
        let limits = limits { $0.bodyBytesMax = 10 }
        #expect(try await outcome(limits: limits, page("0123456789")).get().isTruncated == false)
        #expect(try await outcome(limits: limits, page("0123456789a")).get().isTruncated)
    }

    @Test func `a body that announces too much is not read`() async throws {
        #expect(try await code(stalling(after: "HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n")) == .size)
    }

    @Test func `a bomb is refused, and its harmless twin is shown`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n"
        #expect(try await code(answering(head, GzipSamples.zeros(megabytes: 12))) == .decompression)
        #expect(try await outcome(answering(head, GzipSamples.hello)).get().text == "hello hello hello\n")
        let zeros = GzipSamples.zeros(megabytes: 1)
        #expect(zeros.count < 2000)
    }

    @Test func `a page that comes in one piece is weighed with all of that`() async throws {
        let (body, count) = GzipSamples.mixed(rounds: 3)
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-sh\r\nContent-Encoding: gzip\r\n\r\n"
        let whole: Behavior = { _, outbound in
            try await outbound.write(ByteBuffer(bytes: Array(head.utf8) + body))
            return .closed
        }
        let limits = limits { ($0.ratioFreeBytes, $0.inflationRatioMax) = (10_000, 100) }
        let strict = self.limits { ($0.ratioFreeBytes, $0.inflationRatioMax) = (10_000, 20) }
        // The sample begins with noise, which is no text; what counts is that it was read.
        #expect(try await code(limits: limits, whole) == .contentType)
        #expect(try await code(limits: strict, whole) == .decompression)
        #expect(count == 3 * (1000 + 65536))
    }

    @Test func `what is compressed may grow to a size and no further`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n"
        let body = GzipSamples.stored(Array(repeating: 0x61, count: 60_000))
        #expect(
            try await outcome(limits: limits { $0.inflatedBytesMax = 60_000 }, answering(head, body)).get().byteCount
                == 60_000
        )
        #expect(
            try await code(limits: limits { $0.inflatedBytesMax = 59_999 }, answering(head, body)) == .decompression
        )
    }

    @Test(arguments: [
        "Content-Encoding: br", "Content-Encoding: gzip, gzip, gzip",
        "Content-Encoding: gzip\r\nContent-Encoding: gzip",
        "Content-Encoding: zstd", "Content-Encoding: compress",
    ])
    func `a compression that was not offered is refused`(field: String) async throws {
        #expect(try await code(page("x", field)) == .decompression)
    }

    @Test func `damaged compression is said to be damaged`() async throws {
        #expect(try await code(page("not gzip at all", "Content-Encoding: gzip")) == .decompression)
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
        #expect(try await code(answering(head, Array(GzipSamples.hello.prefix(12)))) == .decompression)
    }

    @Test func `headers have a size and a number`() async throws {
        let long = String(repeating: "a", count: 100_000)
        #expect(try await code(answering("HTTP/1.1 200 OK\r\nX: \(long)\r\n\r\n")) == .headers)
        let many = (0..<101).map { "X-\($0): y\r\n" }.joined()
        #expect(try await code(answering("HTTP/1.1 200 OK\r\n\(many)\r\n")) == .headers)
        let line = Array("X: \(String(repeating: "b", count: 1000))\r\n".utf8)
        #expect(try await code(endless("HTTP/1.1 200 OK\r\n", line)) == .headers)
        #expect(try await code(endless("", Array("HTTP/1.1 103 Early Hints\r\n\r\n".utf8))) == .headers)
        let fitting = (0..<90).map { "X-\($0): y\r\n" }.joined()
        #expect(try await code(answering("HTTP/1.1 200 OK\r\n\(fitting)\r\nx")) == nil)
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\n<html>"])
    func `a server that stops half-way is given up, whatever it sent`(sent: String) async throws {
        let limits = limits { $0.totalTime = .milliseconds(200) }
        #expect(try await code(limits: limits, stalling(after: sent)) == .timeout)
    }

    @Test func `a server that does not begin is given up early`() async throws {
        let limits = limits { $0.firstByteTime = .milliseconds(100) }
        guard case .failure(let error) = try await outcome(limits: limits, stalling(after: "")) else {
            Issue.record("it was waited for")
            return
        }
        #expect(error.code == .timeout)
        #expect(error.reason == "the server did not begin to answer in time")
    }

    @Test func `a name that is never found is given up`() async throws {
        let fetcher = try WebFetcher.test(limits: limits { $0.connectTime = .milliseconds(50) }) { _ in
            try await never()
        }
        #expect(await failure { try await fetcher.fetch("http://slow.example/") }?.code == .timeout)
    }

    @Test(arguments: [
        ("<html>no status line</html>", FetchError.Code.protocolViolation),
        ("SSH-2.0-OpenSSH_9.2\r\n", .protocolViolation),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", .protocolViolation),
        ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", .connection),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5", .connection),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", .protocolViolation),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\nhello", .protocolViolation),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .protocolViolation),
        ("", .connection),
    ])
    func `an answer that is no HTTP, or not all of it, is refused`(bytes: String, code: FetchError.Code) async throws {
        #expect(try await self.code(answering(bytes)) == code)
    }

    @Test func `a port without a listener is reported as such`() async throws {
        try await withServer(page("")) { server in
            // A client's own port: nothing listens there, and no server can take it meanwhile.
            let client = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(host: "127.0.0.1", port: server.port).get()
            let port = try #require(client.localAddress?.port)
            let error = await failure {
                try await WebFetcher.test(opening: [port]).fetch("http://pub.example:\(port)/")
            }
            #expect(error?.code == .connection)
            #expect(error?.reason == "`pub.example:\(port)` does not take connections")
            try await client.close()
        }
    }
}

/// Waits until it is cancelled.
private func never<Value>() async throws -> Value {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    continuation.finish()
    throw CancellationError()
}
