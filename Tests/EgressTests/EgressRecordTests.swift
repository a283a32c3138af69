import InMemoryLogging
import Logging
import TestSupport
import Testing

@testable import Egress

@Suite(.bounded) struct EgressRecordTests {
    @Test func `the log's line says who went where, and how it ended`() throws {
        let handler = InMemoryLogHandler()
        let record = EgressRecord(
            session: "s-1",
            host: "pub.example",
            port: 443,
            address: "93.184.215.14",
            verdict: .allowed,
            reason: .idleTime,
            bytesUp: 1,
            bytesDown: 2,
            duration: .seconds(3)
        )
        withLogger(Logger(label: "test") { _ in handler }) { _ in EgressRecord.log(record) }
        let entry = try #require(handler.entries.first)
        #expect(handler.entries.count == 1 && entry.level == .info && entry.message == "Egress")
        #expect(
            entry.metadata == [
                "session.id": "s-1", "egress.destination": "pub.example:443", "egress.address": "93.184.215.14",
                "egress.verdict": "allowed", "egress.reason": "idle-time", "egress.bytes.up": "1",
                "egress.bytes.down": "2", "egress.duration": "3.0 seconds",
            ]
        )
    }

    @Test func `a session has so many lines, then so many a minute, and the next says how many had none`() {
        var limits = EgressLimits()
        (limits.auditBurstMax, limits.auditsPerMinuteMax) = (3, 30)
        let now = ContinuousClock.now
        var budget = AuditBudget(limits, now: now)
        #expect((0..<5).map { _ in budget.take(now: now) } == [0, 0, 0, nil, nil])
        #expect(budget.take(now: now + .seconds(1)) == nil)
        #expect(budget.take(now: now + .seconds(2)) == 3)
        #expect(budget.leftOutCount == 0)
        #expect((0..<5).map { _ in budget.take(now: now + .seconds(9999)) } == [0, 0, 0, nil, nil])
        #expect(budget.leftOutCount == 2)
    }

    @Test func `a flood of refusals leaves a few lines, and what was allowed is among them`() async throws {
        var limits = EgressLimits()
        (limits.auditBurstMax, limits.auditsPerMinuteMax) = (10, 0)
        let flooded = limits
        try await withHost(echo) { port in
            let patterns = ["pub.example:\(port)", "127.0.0.1:\(port)"]
            let records = try await withProxy(proxy(allowing: patterns, limits: flooded), awaiting: 11) {
                for _ in 0..<50 { _ = try await answer(from: $0, to: "CONNECT other.example:\(port) HTTP/1.1\r\n\r\n") }
                _ = try await answer(from: $0, to: "CONNECT pub.example:\(port) HTTP/1.1\r\n\r\n", halfClosing: true)
            }
            #expect(records.count { $0.verdict == .refused } == 10)
            #expect(records.count { $0.verdict == .allowed } == 1)
        }
    }
}
