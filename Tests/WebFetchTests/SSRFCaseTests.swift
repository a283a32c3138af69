import Foundation
import NIOCore
import NetworkAccess
import Synchronization
import TestSupport
import Testing

@testable import WebFetch

/// The tables of hostile URLs: each is decided before a byte is sent.
@Suite(.bounded) struct SSRFCaseTests {
    @Test(arguments: SSRFCase.all.filter { $0.kind == "url" })
    func `a URL is refused for the right reason, or vetted`(hostile: SSRFCase) async throws {
        let vetting = hostile.vetting()
        switch hostile.expect {
        case "allow":
            let url = try WebURL(hostile.url)
            let found = try await vetting.addresses(of: url, within: .seconds(600)).compactMap(\.ipAddress)
            if case .name(let name) = url.host { #expect(found == hostile.dns?[name]?.lists[0]) }
            #expect(!found.isEmpty)
        default:
            let fetcher = try WebFetcher.test(resolve: vetting.resolve)
            let error = try #require(await failure { try await fetcher.fetch(hostile.url) })
            #expect(error.code.rawValue == hostile.code, "\(error.reason)")
            #expect(error.description.hasPrefix("Error fetching URL `\(hostile.url)`: "))
        }
    }

    @Test func `a refused address gets no connection, and an opened one does`() async throws {
        try await withServer(page("hello")) { server in
            let literal = SSRFCase.all.filter { $0.code == "address" && $0.dns == nil && $0.kind == "url" }
            #expect(!literal.isEmpty)
            for hostile in literal {
                let url = hostile.url.replacing(#/^(http://[^/]+)/#) { "\($0.1):\(server.port)" }
                let error = await failure { try await WebFetcher.test().fetch(url) }
                #expect(error?.code == .address, "\(url)")
            }
            #expect(server.connectionCount == 0)
            let aliases = [
                "127.0.0.1", "127.1", "2130706433", "0177.0.0.1", "①②⑦.⓪.⓪.①", "%31%32%37.0.0.1", "127。0。0。1",
            ]
            for host in aliases {
                let opened = try WebFetcher.test(opening: [server.port])
                #expect(try await opened.fetch("http://\(host):\(server.port)/").text == "hello")
            }
            #expect(server.connectionCount == aliases.count)
        }
    }
}

/// One case of the table.
struct SSRFCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Reply: Decodable, Sendable {
        var status: Int?
        var location: String?
        var headers: [String: String]?
        var body: String?
        var behavior: String?

        /// As the shared table spells them.
        enum CodingKeys: String, CodingKey {
            case status, location, headers, body
            case behavior = "behaviour"
        }
    }

    /// What a name resolves to, call by call.
    struct Answers: Decodable, Sendable {
        let lists: [[String]]

        init(_ lists: [[String]]) { self.lists = lists }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let once = try? container.decode([String].self) {
                lists = [once]
            } else {
                lists = try container.decode([[String]].self)
            }
        }
    }

    let id: String
    let kind: String
    let url: String
    var dns: [String: Answers]?
    var server: [Reply]?
    let expect: String
    var code: String?

    var testDescription: String { id }

    /// The package's own cases, and those of `attacks/ssrf.json` in the shared folder, where there is one.
    static let all = hostileURLs + hostileServers + shared

    private static let shared: [SSRFCase] = {
        struct Table: Decodable {
            let cases: [SSRFCase]
        }
        guard let data = try? Data(contentsOf: Goldens.shared.appending(path: "attacks/ssrf.json")) else { return [] }
        return (try? JSONDecoder().decode(Table.self, from: data))?.cases ?? []
    }()

    /// Vets with the answers of this case; the list of the last call is every later one's too.
    func vetting() -> HopVetting {
        let calls = Calls()
        return HopVetting(
            allowed: AllowList.none,
            resolve: { name in
                let lists = dns?[name]?.lists ?? [[]]
                return lists[min(calls.next(), lists.count - 1)].map { .literal($0) }
            },
            ownAddresses: { [] }
        )
    }
}

/// Counts what happens.
final class Calls: Sendable {
    private let made = Mutex(0)

    /// How many came before this one.
    func next() -> Int {
        made.withLock { count in
            defer { count += 1 }
            return count
        }
    }

    var count: Int { made.withLock(\.self) }
}

extension AllowList {
    static var none: AllowList {
        do {
            return try AllowList(allowing: [])
        } catch {
            preconditionFailure("an empty list is one")
        }
    }
}
