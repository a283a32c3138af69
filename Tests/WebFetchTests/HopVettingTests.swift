import NIOCore
import NetworkAccess
import Synchronization
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct HopVettingTests {
    private func code(
        _ url: String,
        allowing patterns: [String] = [],
        answers: [String] = ["93.184.215.14"],
        own: [String] = []
    ) async throws -> FetchError.Code? {
        let vetting = HopVetting(
            allowed: try AllowList(allowing: patterns),
            resolve: { _ in answers.map { .literal($0) } },
            ownAddresses: { own.compactMap { IPAddress($0) } }
        )
        let parsed = try WebURL(url)
        do {
            let found = try await vetting.addresses(of: parsed, within: .seconds(600))
            #expect(!found.isEmpty)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: [
        ("93.184.215.14", true), ("8.8.8.8", true), ("172.32.0.1", true), ("11.0.0.1", true), ("100.128.0.1", true),
        ("169.253.0.1", true), ("198.20.0.1", true), ("223.255.255.255", true), ("2606:2800:21f::1", true),
        ("2001:4860:4860::8888", true), ("2001:200::1", true), ("3ffe:ffff::1", true),
        ("0.1.2.3", false), ("10.1.2.3", false), ("100.64.0.1", false), ("127.255.0.1", false),
        ("168.63.129.16", false),
        ("169.254.169.254", false), ("172.31.255.255", false), ("192.0.0.192", false), ("192.0.2.1", false),
        ("192.88.99.1", false), ("192.168.1.1", false), ("198.19.0.1", false), ("198.51.100.7", false),
        ("203.0.113.9", false), ("224.0.0.1", false), ("255.255.255.255", false),
        ("::", false), ("::1", false), ("::7f00:1", false), ("::ffff:127.0.0.1", false), ("::ffff:8.8.8.8", false),
        ("64:ff9b::7f00:1", false), ("64:ff9b::5db8:d70e", false), ("64:ff9b:1::1", false), ("100::1", false),
        ("2001::1", false), ("2001:1ff::1", false), ("2001:db8::1", false), ("2002:808:808::1", false),
        ("3fff::1", false),
        ("4000::1", false), ("5f00::1", false), ("fc00::1", false), ("fd00:ec2::254", false), ("fe80::1", false),
        ("fec0::1", false), ("ff02::1", false),
    ])
    func `an address is public or refused, from a resolver and in a URL`(address: String, isPublic: Bool) async throws {
        let expected: FetchError.Code? = isPublic ? nil : .address
        #expect(try await code("https://pub.example/", answers: [address]) == expected)
        #expect(try await code("https://pub.example/", answers: ["93.184.215.14", address]) == expected)
        #expect(try await code("https://pub.example/", answers: [address, "93.184.215.14"]) == expected)
        let host = address.contains(":") ? "[\(address)]" : address
        #expect(try await code("https://\(host)/") == expected)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST.", "foo.localhost", "printer", "printer.local", "db.internal", "x.intranet", "x.lan",
        "x.home.arpa", "x.corp", "x.home", "x.private", "x.onion", "x.localdomain", "com",
    ])
    func `names of local and hidden networks are refused without a look-up`(host: String) async throws {
        let asked = Mutex(0)
        let resolve: HopVetting.Resolver = { _ in
            asked.withLock { $0 += 1 }
            return [.literal("93.184.215.14")]
        }
        let vetting = HopVetting(allowed: try AllowList(allowing: []), resolve: resolve, ownAddresses: { [] })
        let error = await #expect(throws: FetchError.self) {
            try await vetting.addresses(of: try WebURL("http://\(host)/"), within: .seconds(600))
        }
        #expect(error?.code == .host)
        #expect(asked.withLock(\.self) == 0)
    }

    @Test(arguments: ["notlocal.example", "local.example", "localhost.example", "internal.example", "onion.example"])
    func `names that only look like those are not`(host: String) async throws {
        #expect(try await code("http://\(host)/") == nil)
    }

    @Test(arguments: [
        (80, true), (443, true), (8080, true), (8443, true), (0, false), (22, false), (25, false), (6379, false),
    ])
    func `ports of other protocols are refused`(port: Int, isOpen: Bool) async throws {
        #expect(try await code("http://pub.example:\(port)/") == (isOpen ? nil : .port))
        #expect(try await code("https://pub.example:\(port)/") == (isOpen ? nil : .port))
    }

    @Test(arguments: [
        ("http://wiki.local:8080/", ["wiki.local:8080", "10.1.2.3:8080"], "10.1.2.3", FetchError.Code?.none),
        ("http://wiki.local:8080/", ["wiki.local:8080"], "10.1.2.3", .address),
        ("http://wiki.local:8080/", ["10.1.2.3:8080"], "10.1.2.3", .host),
        ("http://wiki.local:8081/", ["wiki.local:8080", "10.1.2.3:8080"], "10.1.2.3", .host),
        ("http://wiki.local:8080/", ["*:8080", "10.1.2.3:8080"], "10.1.2.3", .host),
        ("http://wiki:80/", ["wiki"], "93.184.215.14", nil),
        ("http://pub.example:22/", ["pub.example:22"], "93.184.215.14", nil),
        ("http://pub.example:22/", ["*:22"], "93.184.215.14", .port),
        ("http://10.1.2.3/", ["10.0.0.0/8"], "93.184.215.14", nil),
        ("http://10.1.2.3/", ["0.0.0.0/0"], "93.184.215.14", .address),
        ("http://pub.example/", ["169.254.0.0/16"], "169.254.169.254", .address),
        ("http://pub.example/", ["169.254.169.254"], "169.254.169.254", nil),
        ("http://127.1:8080/", ["127.0.0.1:8080"], "93.184.215.14", nil),
    ])
    func `the operator's list opens what it names and no more`(
        url: String,
        patterns: [String],
        answer: String,
        expected: FetchError.Code?
    ) async throws {
        #expect(try await code(url, allowing: patterns, answers: [answer]) == expected)
    }

    @Test func `a public address that is this machine's is refused, unless it is named itself`() async throws {
        #expect(try await code("http://pub.example/", own: ["93.184.215.14"]) == .address)
        #expect(try await code("http://pub.example/", own: ["93.184.215.15"]) == nil)
        #expect(try await code("http://pub.example/", allowing: ["93.184.0.0/16"], own: ["93.184.215.14"]) == .address)
        #expect(try await code("http://pub.example/", allowing: ["93.184.215.14"], own: ["93.184.215.14"]) == nil)
    }

    @Test func `a name without addresses leads nowhere`() async throws {
        #expect(try await code("http://none.example/", answers: []) == .resolve)
    }
}
