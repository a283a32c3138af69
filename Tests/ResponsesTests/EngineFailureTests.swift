import NIOHTTP1
import TestSupport
import Testing

@testable import Responses

/// An engine that does not do what it should disturbs neither the tool nor the answer.
@Suite(.bounded) struct EngineFailureTests {
    /// How an engine fails, and what the log says.
    struct Failure: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: LoopbackEngine.Reply
        let reason: String
    }

    static let failures: [Failure] = [
        Failure(testDescription: "500", reply: .answer(.internalServerError, "{}"), reason: "the engine answered 500"),
        Failure(testDescription: "503", reply: .answer(.serviceUnavailable, ""), reason: "the engine answered 503"),
        Failure(testDescription: "400", reply: .answer(.badRequest, "{}"), reason: "the engine answered 400"),
        Failure(testDescription: "404", reply: .answer(.notFound, "no"), reason: "the engine answered 404"),
        Failure(
            testDescription: "a redirect",
            reply: .answer(.temporaryRedirect, "", location: "http://127.0.0.1:1/"),
            reason: "the engine answered 307"
        ),
        Failure(
            testDescription: "no JSON",
            reply: .answer(.ok, "<html>"),
            reason: "the engine's answer is no completion"
        ),
        Failure(
            testDescription: "no object",
            reply: .answer(.ok, "[]"),
            reason: "the engine's answer is no completion"
        ),
        Failure(
            testDescription: "an answer without end",
            reply: .answer(.ok, String(repeating: " ", count: 1 << 20)),
            reason: "NIOTooManyBytesError"
        ),
        Failure(testDescription: "hangs up", reply: .hangUp, reason: "remoteConnectionClosed"),
        Failure(testDescription: "never answers", reply: .hold, reason: "the engine took too long"),
        Failure(testDescription: "never ends", reply: .head, reason: "the engine took too long"),
    ]

    @Test(arguments: failures)
    func `a failure ends warm-up with one line, and disturbs nothing`(failure: Failure) async throws {
        var settings = PrefixWarmUp.Settings()
        let isLate = failure.reason.contains("too long")
        if isLate { settings.timeLimit = .milliseconds(50) }
        let log = Log()
        try await LoopbackEngine.run({ $1.isWarmUp ? failure.reply : .answer() }) { engine, port in
            try await logging(to: log) {
                try await withWarmUp(port, settings) { warmUp in
                    await warmUp.withFeed(after: []) { feed in
                        feed.extend(to: ids(256))
                        #expect(await log.lines.next()?.contains(failure.reason) == true)
                        feed.extend(to: ids(5000))
                        #expect(feed.waitingCount == 0)
                    }
                    try await complete(ids(5000), of: port)
                }
            }
            #expect(engine.requests.filter { !$0.isWarmUp }.map(\.ids.count) == [5000])
            // One that is late may not even have been sent.
            let warmUps = engine.requests.filter(\.isWarmUp).map(\.ids.count)
            #expect(warmUps == [256] || isLate && warmUps.isEmpty)
        }
        #expect(log.count == 1)
    }

    @Test func `the next turn is warmed up again`() async throws {
        let log = Log()
        try await LoopbackEngine.run({ count, _ in count == 0 ? .hangUp : .answer() }) { engine, port in
            try await logging(to: log) {
                try await withWarmUp(port) { warmUp in
                    await warmUp.withFeed(after: []) { feed in
                        feed.extend(to: ids(256))
                        _ = await log.lines.next()
                    }
                    await warmUp.withFeed(after: ids(300)) { feed in
                        feed.extend(to: ids(600))
                        _ = await engine.arrived.next()
                        #expect(await engine.arrived.next()?.ids.count == 592)
                    }
                }
            }
        }
        #expect(log.count == 1)
    }

    @Test func `an engine that is not there is a line in the log`() async throws {
        let port = try await LoopbackEngine.run { _, port in port }
        let log = Log()
        try await logging(to: log) {
            try await withWarmUp(port) { warmUp in
                await warmUp.withFeed(after: []) { feed in
                    feed.extend(to: ids(256))
                    #expect(await log.lines.next()?.contains("Prefix warm-up is off for this turn") == true)
                    feed.extend(to: ids(512))
                }
            }
        }
        #expect(log.count == 1)
    }
}
