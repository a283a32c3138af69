import NIOCore
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct CompressionTests {
    private func page(_ body: [UInt8], coding: String) async throws -> Result<FetchedPage, FetchError> {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\(coding)\r\n\r\n"
        return try await withServer(answering(head, body)) { server in
            let fetcher = try WebFetcher.test(opening: [server.port])
            do throws(FetchError) {
                return .success(try await fetcher.fetch("http://pub.example:\(server.port)/"))
            } catch {
                return .failure(error)
            }
        }
    }

    private static let hello = GzipSamples.hello
    /// The same without the ten bytes before it and the eight after.
    private static let raw = Array(hello.dropFirst(10).dropLast(8))
    private static let zlib: [UInt8] = [0x78, 0x9c] + raw + [0x40, 0xb5, 0x06, 0x87]

    @Test(
        arguments: [
            ("gzip", hello, "hello hello hello\n"), ("X-GZIP", hello, "hello hello hello\n"),
            ("identity, gzip", hello, "hello hello hello\n"),
            ("gzip", hello + hello, "hello hello hello\nhello hello hello\n"),
            ("gzip", hello + [0, 0, 0, 0], "hello hello hello\n"), ("gzip", hello + [0x1f], "hello hello hello\n"),
            ("gzip", hello.dropLast(4), "hello hello hello\n"), ("gzip", hello + [0x0a], "hello hello hello\n"),
            ("deflate", zlib, "hello hello hello\n"), ("deflate", raw, "hello hello hello\n"),
            ("deflate", hello, "hello hello hello\n"), ("deflate", raw + [0, 0], "hello hello hello\n"),
            ("none", Array("plain".utf8), "plain"), ("utf-8", Array("plain".utf8), "plain"),
            ("", Array("plain".utf8), "plain"), ("chunked", Array("plain".utf8), "plain"),
        ] as [(String, [UInt8], String)]
    )
    func `what browsers can read of compressed bodies is read`(
        coding: String,
        body: [UInt8],
        text: String
    ) async throws {
        #expect(try await page(body, coding: "Content-Encoding: \(coding)").get().text == text)
    }

    @Test func `compressed bytes may come one by one`() throws {
        var decompression = Decompression(.gzip)
        var text: [UInt8] = []
        for byte in Self.hello + Self.hello { try decompression.read([byte]) { text += $0 } }
        #expect(text == Array("hello hello hello\nhello hello hello\n".utf8))
    }

    @Test func `a large body comes in pieces, and all of it`() throws {
        var decompression = Decompression(.gzip)
        var (count, largest) = (0, 0)
        try decompression.read(GzipSamples.zeros(megabytes: 3)) { piece in
            count += piece.count
            largest = max(largest, piece.count)
        }
        #expect(count == 3 << 20)
        #expect(largest == 1 << 16)
    }

    @Test func `a body that is damaged on the way is shown up to there, and said to be cut`() async throws {
        let long = GzipSamples.stored(Array(repeating: 0x61, count: 60_000))
        let found = try await page(long.dropLast(20_000), coding: "Content-Encoding: gzip").get()
        #expect(found.isTruncated && found.byteCount > 30_000)
        let damaged = Array(long.dropLast(8)) + [UInt8](repeating: 0, count: 8)
        #expect(try await page(damaged, coding: "Content-Encoding: gzip").get().isTruncated)
        #expect(try await page(long, coding: "Content-Encoding: gzip").get().isTruncated == false)
    }
}
