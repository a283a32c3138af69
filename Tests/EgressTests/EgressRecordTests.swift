import InMemoryLogging
import Logging
import Testing

@testable import Egress

@Suite struct EgressRecordTests {
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
}
