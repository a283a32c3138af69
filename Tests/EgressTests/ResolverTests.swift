import NetworkAccess
import TestSupport
import Testing

@testable import Egress

@Suite(.bounded) struct ResolverTests {
    @Test func `the machine's resolver is asked unless another is given, and what it says is vetted`() async throws {
        try await withHost(echo) { hostPort in
            let request = "CONNECT localhost:\(hostPort) HTTP/1.1\r\n\r\n"
            for (patterns, status) in [(["*:\(hostPort)"], 403), (["*:\(hostPort)", "127.0.0.1:\(hostPort)"], 200)] {
                let make = { @Sendable (audit: @escaping @Sendable (EgressRecord) -> Void) in
                    EgressProxy(policy: try AllowList(allowing: patterns), audit: audit)
                }
                _ = try await withProxy(make) { port in
                    let answer = try await answer(from: port, to: request, halfClosing: true)
                    #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
                }
            }
        }
    }
}
