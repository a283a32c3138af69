import Foundation
import NIOCore
import NetworkAccess
import TestSupport
import Testing

@testable import Egress

@Suite(.bounded) struct TunnelTests {
    @Test func `bytes go both ways, and one end can stop while the other goes on`() async throws {
        // The host says all it has only once it has seen the end of what it gets.
        let host: @Sendable (Inbound, Outbound) async throws -> Void = { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "ready\n"))
            let said = await rest(of: inbound)
            try await outbound.write(ByteBuffer(string: "\(said.utf8.count)\n"))
            outbound.finish()
        }
        try await withHost(host) { hostPort in
            let records = try await withProxy(open(hostPort)) { port in
                let text = String(repeating: "x", count: 3_000_000)
                let answer = try await answer(from: port, to: connect(hostPort) + text, halfClosing: true)
                #expect(answer == "HTTP/1.1 200 Connection established\r\n\r\nready\n3000000\n")
            }
            let record = try #require(records.first)
            #expect(records.count == 1)
            #expect(record.session == "s-1" && record.host == "pub.example" && record.port == hostPort)
            #expect(record.address == "127.0.0.1" && record.verdict == .allowed && record.reason == .completed)
            #expect(record.bytesUp == 3_000_000 && record.bytesDown == "ready\n3000000\n".utf8.count)
            #expect(record.duration > .zero)
        }
    }

    @Test func `a host that stops first still hears the session out`() async throws {
        let host: @Sendable (Inbound, Outbound) async throws -> Void = { inbound, outbound in
            outbound.finish()
            let heard = await rest(of: inbound)
            #expect(heard == "after your end")
        }
        try await withHost(host) { hostPort in
            let records = try await withProxy(open(hostPort)) { port in
                try await withConnection(to: port) { inbound, outbound in
                    try await outbound.write(ByteBuffer(string: connect(hostPort)))
                    #expect(await rest(of: inbound).hasPrefix("HTTP/1.1 200 "))
                    try await outbound.write(ByteBuffer(string: "after your end"))
                    outbound.finish()
                }
            }
            #expect(records.map(\.reason) == [.completed])
            #expect(records.map(\.bytesUp) == [14])
        }
    }

    @Test func `a hundred tunnels at a time do not mix`() async throws {
        try await withHost(echo) { hostPort in
            var limits = EgressLimits()
            limits.connectionsMax = 100
            let records = try await withProxy(open(hostPort, limits), awaiting: 100) { port in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for index in 0..<100 {
                        let text = String(repeating: "<\(index)>", count: 20_000)
                        group.addTask {
                            let answer = try await answer(from: port, to: connect(hostPort) + text, halfClosing: true)
                            return answer.hasSuffix("\r\n\r\n" + text)
                        }
                    }
                    for try await isSame in group { #expect(isSame) }
                }
            }
            #expect(records.count == 100)
            #expect(records.allSatisfy { $0.reason == .completed && $0.bytesUp == $0.bytesDown })
        }
    }

    @Test(arguments: [(100_000, 1 << 30, 100_000), (1 << 30, 150_000, 150_000)])
    func `a tunnel ends at the byte limit, and not before`(each: Int, all: Int, cut: Int) async throws {
        let host: @Sendable (Inbound, Outbound) async throws -> Void = { inbound, outbound in
            for _ in 0..<100 { try await outbound.write(ByteBuffer(repeating: 7, count: 10_000)) }
        }
        try await withHost(host) { hostPort in
            var limits = EgressLimits()
            limits.connectionBytesMax = each
            limits.sessionBytesMax = all
            let records = try await withProxy(open(hostPort, limits)) { port in
                let first = try await answer(from: port, to: connect(hostPort))
                #expect(first.utf8.count <= cut + 39)
                guard cut == all else { return }
                let next = try await answer(from: port, to: connect(hostPort), halfClosing: true)
                #expect(next.hasPrefix("HTTP/1.1 413 This session has transferred all of its 150000 bytes"))
            }
            let reason: EgressRecord.Reason = cut == all ? .sessionBytes : .connectionBytes
            #expect(records.allSatisfy { $0.reason == reason })
            #expect(records.first?.bytesDown == cut)
        }
    }

    @Test func `what a session sends is limited as well`() async throws {
        try await withHost { inbound, _ in
            _ = await rest(of: inbound)
        } _: { hostPort in
            var limits = EgressLimits()
            limits.connectionBytesMax = 100_000
            let records = try await withProxy(open(hostPort, limits)) { port in
                let text = String(repeating: "x", count: 100_001)
                _ = try await answer(from: port, to: connect(hostPort) + text)
            }
            #expect(records.map(\.reason) == [.connectionBytes])
            #expect(records.map(\.bytesUp) == [100_000])
        }
    }

    @Test func `a session that does not read is not read for`() async throws {
        let host: @Sendable (Inbound, Outbound) async throws -> Void = { _, outbound in
            while true { try await outbound.write(ByteBuffer(repeating: 7, count: 1 << 16)) }
        }
        try await withHost(host) { hostPort in
            var limits = EgressLimits()
            limits.idleTime = .milliseconds(300)
            let (ended, end) = AsyncStream.makeStream(of: EgressRecord.self)
            let make = open(hostPort, limits)
            let records = try await withProxy {
                audit in
                try make {
                    audit($0)
                    end.yield($0)
                }
            } _: { port in
                try await withConnection(to: port) { _, outbound in
                    try await outbound.write(ByteBuffer(string: connect(hostPort)))
                    for await _ in ended { break }
                }
            }
            let record = try #require(records.first)
            #expect(record.reason == .idleTime)
            // What the kernel's buffers hold, of what would be 256 MiB.
            #expect(record.bytesDown < 32 << 20)
        }
    }

    @Test func `cancelling closes every connection and audits it`() async throws {
        try await withHost(echo) { hostPort in
            let records = Records()
            let proxy = try open(hostPort)({ records.add($0) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (ports, listening) = AsyncStream.makeStream(of: Int.self)
                group.addTask {
                    try await proxy.serve(at: .loopback(), session: "s-2") { listening.yield($0.port ?? 0) }
                }
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next(isolation: #isolation))
                try await withConnection(to: port) { inbound, outbound in
                    try await outbound.write(ByteBuffer(string: connect(hostPort) + "hello"))
                    var reader = ByteReader(inbound)
                    _ = try await reader.head(bytesMax: 1000)
                    #expect(try await reader.next().map { String(buffer: $0) } == "hello")
                    group.cancelAll()
                    try await group.waitForAll()
                    #expect(records.all.map(\.reason) == [.cancelled])
                    #expect(records.all.map(\.verdict) == [.allowed])
                    await #expect(throws: (any Error).self) { try await reader.next() }
                }
                await #expect(throws: (any Error).self) { try await answer(from: port, to: "") }
            }
        }
    }

    @Test func `cancelling in the middle of a flood leaves no descriptor open`() async {
        await #expect(processExitsWith: .success) {
            try await flood()
            let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            for _ in 0..<20 { try await flood() }
            let after = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            precondition(after == before, "\(after - before) descriptors are left")
        }
    }

    @Test func `one connection too many is refused with the reason, and the next may come`() async throws {
        try await withHost(echo) { hostPort in
            var limits = EgressLimits()
            limits.connectionsMax = 1
            let records = try await withProxy(open(hostPort, limits), awaiting: 2) { port in
                try await withConnection(to: port) { inbound, outbound in
                    try await outbound.write(ByteBuffer(string: connect(hostPort)))
                    var reader = ByteReader(inbound)
                    _ = try await reader.head(bytesMax: 1000)
                    let refused = try await answer(from: port, to: connect(hostPort), halfClosing: true)
                    #expect(refused.hasPrefix("HTTP/1.1 503 This session already has 1 connections"))
                    outbound.finish()
                    #expect(try await reader.next() == nil)
                }
            }
            #expect(records.map(\.reason).contains(.tooManyConnections))
            #expect(records.map(\.reason).contains(.completed))
        }
    }

    private func open(
        _ hostPort: Int,
        _ limits: EgressLimits = EgressLimits()
    ) -> (@escaping @Sendable (EgressRecord) -> Void) throws -> EgressProxy {
        proxy(allowing: ["pub.example:\(hostPort)", "127.0.0.0/8:\(hostPort)"], limits: limits)
    }

    private func connect(_ port: Int) -> String {
        "CONNECT pub.example:\(port) HTTP/1.1\r\nHost: pub.example:\(port)\r\n\r\n"
    }
}

/// Fifty connections to a proxy that is cancelled after five.
private func flood() async throws {
    let records = try await withProxy(proxy(allowing: []), awaiting: 5) { port in
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { _ = try? await answer(from: port, to: "GET / HTTP/1.1\r\n\r\n") }
            }
            for _ in 0..<5 { await group.next() }
            group.cancelAll()
        }
    }
    precondition(records.count >= 5, "\(records.count) connections are audited")
}
