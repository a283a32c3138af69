import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Egress

/// Every table has its control: the same question in an honest form, which gets through to a real server.
@Suite(.bounded) struct RefusedDestinationTests {
    /// The host's port stands for `P`.
    @Test(
        arguments: [
            "127.1:P", "127.0.1:P", "2130706433:P", "0177.0.0.1:P", "0x7f.0.0.1:P", "0x7f000001:P", "0x7f.1:P",
            "127.000.000.001:P", "0:P", "256.256.256.256:P", "1.2.3.4.5:P", "127.0.0.0x1:P", "1.2.3.:P", "1..2.3.4:P",
            "127.0.0.1..:P", "%31%32%37.0.0.1:P", "127%2e0.0.1:P", "user@pub.example:P", "user:pass@pub.example:P",
            "pub.example:443@127.0.0.1:P", "pub.example\\@127.0.0.1:P", "pub.example#@127.0.0.1:P", "pub.example/:P",
            "pub.example?:P", "-pub.example:P", "pub-.example:P", ".pub.example:P", "pub..example:P", ".:P", ":P",
            "[::1:P", "::1:P", "[::1]x:P", "[fe80::1%25lo]:P", "[127.0.0.1]:P", "[pub.example]:P", "[v1.x]:P", "[]:P",
            "pub.example", "pub.example:", "pub.example:0", "pub.example:99999", "pub.example:+P", "pub.example:0P",
            "pub.example:P:P", "pub.example: P", "pub.example :P", "pub.example,other.example:P", "pub.example;x:P",
            "pub.example\t:P", "pub.example\0.evil.example:P", "http://pub.example:P", "pub*.example:P", "*:P",
            "b\u{fc}cher.example:P", "127\u{3002}0\u{3002}0\u{3002}1:P", "\u{ff11}27.0.0.1:P", "pub!.example:P",
        ] + [String(repeating: "a", count: 64) + ".example:P", String(repeating: "a.", count: 127) + "example:P"]
    )
    func `an odd spelling is not understood, and not looked up`(spelling: String) async throws {
        try await withHost(echo) { port in
            let lookups = Mutex<[String]>([])
            let patterns = ["*:\(port)", "127.0.0.0/8:\(port)", "[::1]:\(port)"]
            let records = try await withProxy(
                proxy(allowing: patterns) { name in
                    lookups.withLock { $0.append(name) }
                    return [.loopback()]
                }
            ) { proxyPort in
                let odd = spelling.replacing("P", with: "\(port)")
                let refused = try await answer(from: proxyPort, to: connect(odd), halfClosing: true)
                #expect(refused.hasPrefix("HTTP/1.1 400 "))
                let control = try await answer(from: proxyPort, to: connect("pub.example:\(port)"), halfClosing: true)
                #expect(control.hasPrefix("HTTP/1.1 200 "))
            }
            #expect(lookups.withLock(\.self) == ["pub.example"])
            #expect(Set(records.map(\.verdict)) == [.refused, .allowed])
        }
    }

    /// What a session asks for, what its name resolves to, and what is special about it.
    @Test(arguments: [
        "127.0.0.1", "10.0.0.5", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.169.254",
        "169.254.170.2", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1", "fd00:ec2::254", "fe80::1", "ff02::1",
        "2001:db8::1", "3fff::1", "2001:0:7f00:1::",
    ])
    func `a special address is refused, asked for by number or by name`(address: String) async throws {
        try await withHost(echo) { port in
            let literal = address.contains(":") ? "[\(address)]" : address
            let records = try await withProxy(
                proxy(allowing: ["*:\(port)", "pub.example:\(port)"]) { _ in [.literal(address)] }
            ) { proxyPort in
                for host in [literal, "pub.example"] {
                    let refused = try await answer(from: proxyPort, to: connect("\(host):\(port)"))
                    #expect(refused.hasPrefix("HTTP/1.1 403 "))
                    #expect(refused.contains("only the operator can open it"))
                }
            }
            #expect(records.map(\.reason) == [.guardedAddress, .guardedAddress])
            #expect(records.allSatisfy { $0.address == nil && $0.verdict == .refused })
        }
    }

    @Test(arguments: ["127.0.0.1", "[::ffff:127.0.0.1]", "127.0.0.1.", "pub.example", "PUB.EXAMPLE."])
    func `the same is allowed once a block opens it`(host: String) async throws {
        try await withHost(echo) { port in
            let records = try await withProxy(
                proxy(allowing: ["*.example:\(port)", "127.0.0.0/8:\(port)"])
            ) { proxyPort in
                let allowed = try await answer(
                    from: proxyPort,
                    to: connect("\(host):\(port)") + "hi",
                    halfClosing: true
                )
                #expect(allowed == "HTTP/1.1 200 Connection established\r\n\r\nhi")
            }
            #expect(records.map(\.verdict) == [.allowed])
        }
    }

    @Test func `only the acceptable ones of several addresses are used, after one lookup`() async throws {
        try await withHost(echo) { port in
            let lookups = Mutex(0)
            let records = try await withProxy(
                proxy(allowing: ["pub.example:\(port)", "127.0.0.1:\(port)"]) { _ in
                    lookups.withLock { $0 += 1 }
                    return ["10.0.0.1", "::1", "127.0.0.1", "169.254.169.254"].map { .literal($0, 9) }
                }
            ) { proxyPort in
                let allowed = try await answer(from: proxyPort, to: connect("pub.example:\(port)"), halfClosing: true)
                #expect(allowed.hasPrefix("HTTP/1.1 200 "))
            }
            #expect(records.map(\.address) == ["127.0.0.1"])
            #expect(lookups.withLock(\.self) == 1)
        }
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0"])
    func `the daemon's own port is refused whatever a pattern says`(bound: String) async throws {
        try await withHost(echo) { port in
            let patterns = ["pub.example:\(port)", "127.0.0.0/8:\(port)", "127.0.0.1:\(port)"]
            let control = try await withProxy(proxy(allowing: patterns, ownListeners: [.literal(bound, port + 1)])) {
                let allowed = try await answer(from: $0, to: connect("pub.example:\(port)"), halfClosing: true)
                #expect(allowed.hasPrefix("HTTP/1.1 200 "))
            }
            let records = try await withProxy(proxy(allowing: patterns, ownListeners: [.literal(bound, port)])) {
                for host in ["pub.example", "127.0.0.1"] {
                    let refused = try await answer(from: $0, to: connect("\(host):\(port)"))
                    #expect(refused.hasPrefix("HTTP/1.1 403 "))
                }
            }
            #expect(control.map(\.reason) == [.completed])
            #expect(records.map(\.reason) == [.guardedAddress, .guardedAddress])
        }
    }

    @Test func `what is not on the list is refused with what is, before it is looked up`() async throws {
        let lookups = Mutex(0)
        let records = try await withProxy(
            proxy(allowing: ["pypi.org:443", "*.pythonhosted.org"]) { _ in
                lookups.withLock { $0 += 1 }
                return []
            }
        ) { port in
            let refused = try await answer(from: port, to: connect("evil.example:443"))
            let sentence =
                "evil.example:443 is not allowed from this session; it may reach pypi.org:443, *.pythonhosted.org."
            #expect(refused.hasPrefix("HTTP/1.1 403 \(sentence)\r\n"))
            #expect(refused.hasSuffix("\r\n\r\n\(sentence)\n"))
            #expect(lookups.withLock(\.self) == 0)
            let unknown = try await answer(from: port, to: connect("pypi.org:443"))
            #expect(unknown.hasPrefix("HTTP/1.1 502 pypi.org has no address"))
        }
        #expect(records.map(\.reason) == [.notAllowed, .unresolvable])
        #expect(records.map(\.verdict) == [.refused, .failed])
    }

    private func connect(_ authority: String) -> String {
        "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\r\n"
    }
}
