import TestSupport
import Testing

@testable import Responses

/// The ends of a turn, and a tool that is quicker than the engine.
@Suite(.bounded) struct TurnTests {
    private struct ToolFailure: Error {}

    @Test(arguments: [false, true])
    func `a turn that ends leaves no request, and no line`(isFailing: Bool) async throws {
        let log = Log()
        try await LoopbackEngine.run({ _, _ in .hold }) { engine, port in
            try await logging(to: log) {
                try await withWarmUp(port) { warmUp in
                    let result = await Result.of {
                        try await warmUp.withFeed(after: []) { feed in
                            feed.extend(to: ids(256))
                            _ = await engine.arrived.next()
                            feed.extend(to: ids(5000))
                            if isFailing { throw ToolFailure() }
                            return 42
                        }
                    }
                    #expect((try? result.get()) == (isFailing ? nil : 42))
                    // The client is still open: it is the request that is given up.
                    #expect(await engine.abandoned.next() != nil)
                }
            }
            #expect(engine.requests.count == 1)
            #expect(engine.outstandingCount == 0)
        }
        #expect(log.count == 0)
    }

    @Test func `cancelling the turn cancels the request`() async throws {
        let log = Log()
        try await LoopbackEngine.run({ _, _ in .hold }) { engine, port in
            try await logging(to: log) {
                try await withWarmUp(port) { warmUp in
                    await withTaskGroup { group in
                        group.addTask {
                            await warmUp.withFeed(after: []) { feed in
                                feed.extend(to: ids(256))
                                // Ends by cancelling alone.
                                _ = await Events<Void>().next()
                            }
                        }
                        _ = await engine.arrived.next()
                        group.cancelAll()
                    }
                    #expect(await engine.abandoned.next() != nil)
                }
            }
            #expect(engine.requests.count == 1)
        }
        #expect(log.count == 0)
    }

    @Test func `turns that end while their request is being sent leave nothing either`() async throws {
        let log = Log()
        try await LoopbackEngine.run({ $1.isWarmUp ? .hold : .answer() }) { engine, port in
            try await logging(to: log) {
                try await withWarmUp(port) { warmUp in
                    for yields in 0..<100 {
                        await warmUp.withFeed(after: []) { feed in
                            feed.extend(to: ids(256))
                            for _ in 0..<yields { await Task.yield() }
                        }
                    }
                    try await complete(ids(1000), of: port)
                    while engine.outstandingCount > 0 { _ = await engine.abandoned.next() }
                }
            }
            #expect(engine.requests.count { !$0.isWarmUp } == 1)
        }
        #expect(log.count == 0)
    }

    @Test func `a feed that outlives its turn does nothing`() async throws {
        try await LoopbackEngine.run { engine, port in
            try await withWarmUp(port) { warmUp in
                let feed = await warmUp.withFeed(after: ids(1000)) { $0 }
                feed.extend(to: ids(5000))
                #expect(feed.waitingCount == 0)
                await warmUp.withFeed(after: []) { feed in
                    feed.extend(to: ids(256))
                    _ = await engine.arrived.next()
                }
            }
            #expect(engine.requests.map(\.ids.count) == [256])
        }
    }

    @Test(arguments: [(131_072, 90_000), (4096, 4096)])
    func `a tool is never slower than itself, and what waits is bounded`(idsMax: Int, kept: Int) async throws {
        var settings = PrefixWarmUp.Settings()
        settings.idsMax = idsMax
        try await LoopbackEngine.run({ count, _ in count == 0 ? .hold : .answer() }) { engine, port in
            try await withWarmUp(port, settings) { warmUp in
                await warmUp.withFeed(after: []) { feed in
                    var prompt = ids(256)
                    feed.extend(to: prompt)
                    _ = await engine.arrived.next()
                    // No await in here: nothing that the engine or a request does can be waited for.
                    for id in ids(90_000).dropFirst(256) {
                        prompt.append(id)
                        feed.extend(to: prompt)
                    }
                    #expect(feed.waitingCount == kept - 256)
                    #expect(engine.requests.count == 1 && engine.outstandingCount == 1)
                    engine.answerHeld()
                    #expect(await engine.arrived.next()?.ids == prompt.prefix(kept).map(Int.init))
                    #expect(feed.waitingCount == 0)
                }
            }
        }
    }

    @Test func `a prompt that shrinks is a programmer's mistake`() async throws {
        let result = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let feed = PrefixFeed(after: ids(20), PrefixWarmUp.Settings())
            feed.extend(to: ids(19))
        }
        let message = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(message.contains("a prompt of 19 ids that had 20"))
    }
}

extension Result {
    /// What becomes of `body`.
    fileprivate static func of(_ body: () async throws(Failure) -> Success) async -> Self {
        do throws(Failure) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}
