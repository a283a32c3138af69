import TestSupport
import Testing

@testable import Egress

@Suite(.bounded) struct RequestHeadTests {
    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n",
        "GET https://a.example/ HTTP/1.1\r\n\r\n",
        "GET ftp://a.example/ HTTP/1.1\r\n\r\n",
        "GET http:///x HTTP/1.1\r\n\r\n",
        "GET http://u:p@a.example/ HTTP/1.1\r\n\r\n",
        "GET http://a.example\\@127.0.0.1/ HTTP/1.1\r\n\r\n",
        "GET http://a.example/ HTTP/2.0\r\n\r\n",
        "GET http://a.example/ HTTP/0.9\r\n\r\n",
        "GET http://a.example/\r\n\r\n",
        "GET  http://a.example/ HTTP/1.1\r\n\r\n",
        "GET http://a.example/a b HTTP/1.1\r\n\r\n",
        "GET http://a.example/\nX:y HTTP/1.1\r\n\r\n",
        "GET http://a.example/\rX:y HTTP/1.1\r\n\r\n",
        "\r\nGET http://a.example/ HTTP/1.1\r\n\r\n",
        "G(T http://a.example/ HTTP/1.1\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\nA: b\rC: d\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\nA : b\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\n: b\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\nno colon\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\nA: \0\r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nContent-Length: 3, 3\r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nContent-Length: +3\r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nContent-Length: \r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nContent-Length: 9999999999999999999\r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST http://a.example/ HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST http://a.example/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "CONNECT a.example:443 HTTP/1.1\r\nContent-Length: 3\r\n\r\n",
        "CONNECT http://a.example/ HTTP/1.1\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 129) + "\r\n",
    ])
    func `what could be read in two ways is refused`(head: String) throws {
        let refusal = try #require(throws: Refusal.self) { _ = try RequestHead(Array(head.utf8)) }
        #expect(refusal.status == 400)
    }

    @Test(arguments: [
        ("http://a.example", "/", "a.example"), ("HTTP://A.Example:80/x?y#z", "/x?y", "a.example"),
        ("http://a.example:8080?q", "/?q", "a.example:8080"),
        ("http://a.example/%0d%0aX:%201", "/%0d%0aX:%201", "a.example"),
        ("http://[2606::1]/", "/", "[2606:0:0:0:0:0:0:1]"), ("http://a.example#@127.0.0.1/", "/", "a.example"),
    ])
    func `the host gets a path, and a Host that says where it is`(target: String, path: String, host: String) throws {
        let head = """
            GET \(target) HTTP/1.1\r
            Host: other.example\r
            Connection: x-own, host, content-length, Close\r
            Proxy-Connection: keep-alive\r
            Proxy-Authorization: Basic x\r
            Upgrade: h2c\r
            TE: trailers\r
            X-Own: 1\r
            Accept: */*\r
            Content-Length: 0\r
            \r

            """
        let forwarded = try RequestHead(Array(head.utf8)).forwarded
        #expect(
            String(decoding: forwarded, as: UTF8.self) == """
                GET \(path) HTTP/1.1\r
                Host: \(host)\r
                Accept: */*\r
                Content-Length: 0\r
                Connection: close\r
                \r

                """
        )
    }

    @Test(arguments: [
        ("5\r\nhello\r\n0\r\n\r\n", 0), ("5;a=b\r\nhello\r\n00\r\nT: 1\r\n\r\n", 0), ("0\r\n\r\nGET /", 5),
    ])
    func `a chunked body is followed to its end, byte by byte and at once`(text: String, after: Int) throws {
        let bytes = Array(text.utf8)
        var whole = BodyScanner(.chunked)
        #expect(try whole.scan(bytes) == bytes.count - after)
        #expect(whole.isDone)
        var slow = BodyScanner(.chunked)
        var count = 0
        for byte in bytes { count += try slow.scan([byte]) }
        #expect(count == bytes.count - after)
    }

    @Test(arguments: [
        "\r\n", "g\r\n", "5\nhello", "5 \r\nhello\r\n", "-5\r\n", "1\r\nab", "1\r\na\n0\r\n\r\n",
        "fffffffffffffffff\r\n",
        "0\r\nA\n\r\n", "1;\nx", "0\r\n\rX", "0x1\r\na\r\n", String(repeating: "0", count: 16) + "\r\n",
        "1;" + String(repeating: "x", count: 9000),
    ])
    func `a malformed chunk is refused`(text: String) {
        var scanner = BodyScanner(.chunked)
        #expect(throws: BodyScanner.Malformed.self) { try scanner.scan(Array(text.utf8)) }
    }
}
