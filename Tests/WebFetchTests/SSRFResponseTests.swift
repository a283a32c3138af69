import NIOCore
import NIOSSL
import Synchronization
import TestSupport
import Testing

@testable import WebFetch

/// The tables of hostile servers, each after a first hop that is allowed.
@Suite(.bounded) struct SSRFResponseTests {
    @Test(arguments: SSRFCase.all.filter { $0.kind == "response" })
    func `a hostile server has the outcome of the table`(hostile: SSRFCase) async throws {
        let script = try Script(hostile)
        let tls = try NIOSSLContext.server(certificate: script.certificate, maximum: script.tlsMaximum)
        try await withServer(tls: tls, script.serve) { safe in
            try await withServer(script.serve) { plain in
                script.know(safe: safe.port, plain: plain.port)
                var limits = FetchLimits.test
                // Only the cases that are about time come near it.
                if hostile.code == "timeout", !hostile.id.hasPrefix("js-") { limits.totalTime = .milliseconds(300) }
                let fetcher = try WebFetcher.test(opening: [safe.port, plain.port], limits: limits) { name in
                    name == "pub.example" ? [.loopback] : (hostile.dns?[name]?.lists[0] ?? []).map { .literal($0) }
                }
                let url = script.placed(hostile.url)
                switch try outcome(expectedOf: hostile) {
                case .page(let isTruncated):
                    #expect(try await fetcher.fetch(url).isTruncated == isTruncated)
                    // Nothing that the page mentions is fetched.
                    #expect(safe.connectionCount + plain.connectionCount == hostile.server?.count)
                case .refusal(let code):
                    #expect(await failure { try await fetcher.fetch(url) }?.code.rawValue == code)
                case .unreadableLocation(let location):
                    #expect(throws: FetchError.self) { try WebURL(hostile.url).following(location) }
                }
            }
        }
    }

    private enum Expected {
        case page(isTruncated: Bool)
        case refusal(String)
        /// No server can send it as one field.
        case unreadableLocation(String)
    }

    private func outcome(expectedOf hostile: SSRFCase) throws -> Expected {
        if let location = hostile.server?.first?.location, location.contains("\r\n") {
            return .unreadableLocation(location)
        }
        // No script is run, so that none can take its time.
        if hostile.id.hasPrefix("js-") { return .page(isTruncated: false) }
        switch hostile.expect {
        case "allow": return .page(isTruncated: false)
        case "truncate": return .page(isTruncated: true)
        default: return .refusal(try #require(hostile.code))
        }
    }
}

/// What the servers of one case do, request by request.
private final class Script: Sendable {
    let certificate: String
    let tlsMaximum: TLSVersion?
    private let replies: [SSRFCase.Reply]
    private let calls = Calls()
    private let ports = Mutex((safe: 0, plain: 0))

    init(_ hostile: SSRFCase) throws {
        replies = try #require(hostile.server)
        let behavior = replies.first?.behavior ?? ""
        certificate = behavior.contains("expired") ? TestCertificates.expired : TestCertificates.leaf
        tlsMaximum = behavior.contains("TLS 1.0") ? .tlsv1 : nil
    }

    func know(safe: Int, plain: Int) {
        ports.withLock { $0 = (safe, plain) }
    }

    /// `url` on the ports of this test.
    func placed(_ url: String) -> String {
        let (safe, plain) = ports.withLock(\.self)
        return url.replacing("https://pub.example/", with: "https://pub.example:\(safe)/")
            .replacing("http://pub.example/", with: "http://pub.example:\(plain)/")
            .replacing("https://int.example/", with: "https://int.example:\(safe)/")
    }

    func serve(_ request: String, _ outbound: Outbound) async throws -> Ending {
        let reply = replies[min(calls.next(), replies.count - 1)]
        switch reply.behavior {
        case "accepts TCP, never answers": return .stalled
        case "100 KB of response headers": return try await headers(outbound)
        case "HTTP/0.9 response without status line": return try await say("<html>hello</html>", outbound)
        default: break
        }
        let head = self.head(of: reply)
        switch reply.body {
        case "10 MB of HTML, no Content-Length":
            return try await say(head + String(repeating: "<p>0123456789</p>", count: 10 << 20 / 17 + 1), outbound)
        case "1 byte per 10 s":
            _ = try await say(head + "x", outbound)
            return .stalled
        case "one tag with 1e6 attributes":
            return try await say(head + "<p \(String(repeating: "a ", count: 1_000_000))>", outbound)
        default: return try await say(head + (reply.body ?? ""), outbound)
        }
    }

    private func head(of reply: SSRFCase.Reply) -> String {
        var fields = reply.headers ?? [:]
        if fields["Content-Type"] == nil { fields["Content-Type"] = "text/html" }
        if let location = reply.location { fields["Location"] = placed(location) }
        return "HTTP/1.1 \(reply.status ?? 200) X\r\n" + fields.map { "\($0): \($1)\r\n" }.joined() + "\r\n"
    }

    private func headers(_ outbound: Outbound) async throws -> Ending {
        let field = "X-Field: \(String(repeating: "y", count: 2000))\r\n"
        return try await say("HTTP/1.1 200 OK\r\n\(String(repeating: field, count: 50))\r\n", outbound)
    }

    private func say(_ text: String, _ outbound: Outbound) async throws -> Ending {
        try await outbound.write(ByteBuffer(string: text))
        return .closed
    }
}
