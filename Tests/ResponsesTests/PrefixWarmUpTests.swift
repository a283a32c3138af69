import JSON
import MCP
import NIOHTTP1
import Responses
import TestSupport
import Testing

/// What reaches the engine, and what does not.
@Suite(.bounded) struct PrefixWarmUpTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `every request goes on where the one before ended, in whole blocks, one at a time`(seed: UInt64) async throws {
        var random = SplitMix(seed: seed)
        let start = Int.random(in: 0...600, using: &random)
        let all = Array(ids(start + 5000))
        try await LoopbackEngine.run { engine, port in
            try await withWarmUp(port) { warmUp in
                try await warmUp.withFeed(after: Array(all[..<start])) { feed in
                    var end = start
                    var computed = start / 16 * 16
                    while end < all.count {
                        end = min(all.count, end + Int.random(in: 1...400, using: &random))
                        feed.extend(to: Array(all[..<end]))
                        while end / 16 * 16 - computed >= 256 {
                            computed = try #require(await engine.arrived.next()).ids.count
                        }
                    }
                }
                try await complete(all, of: port)
            }
            let prompts = engine.requests.map(\.ids)
            expectGrowth(prompts, from: start)
            #expect(prompts.count > 5)
            #expect(prompts.last == all.map(Int.init))
            #expect(engine.outstandingMax == 1)
        }
    }

    @Test func `what comes while a request is under way goes into the next one`() async throws {
        try await LoopbackEngine.run({ count, _ in count == 0 ? .hold : .answer() }) { engine, port in
            try await withWarmUp(port) { warmUp in
                await warmUp.withFeed(after: []) { feed in
                    feed.extend(to: ids(256))
                    #expect(await engine.arrived.next()?.ids.count == 256)
                    for count in 257...2000 { feed.extend(to: ids(count)) }
                    #expect(engine.outstandingCount == 1)
                    engine.answerHeld()
                    #expect(await engine.arrived.next()?.ids == ids(2000).map(Int.init))
                }
            }
            #expect(engine.requests.count == 2)
        }
    }

    @Test func `a request says what the engine needs to find the prefix again, and no more`() async throws {
        var settings = PrefixWarmUp.Settings()
        settings.priority = 7
        try await LoopbackEngine.run { engine, port in
            try await withWarmUp(port, apiKey: "secret", settings) { warmUp in
                await warmUp.withFeed(after: [], cacheSalt: "a \"salt\"\n") { feed in
                    feed.extend(to: ids(256))
                    let request = await engine.arrived.next()
                    #expect(request?.path == "/v1/completions")
                    #expect(request?.authorization == "Bearer secret")
                    #expect(
                        request?.json == [
                            "model": "gpt-oss", "max_tokens": 1, "cache_salt": "a \"salt\"\n", "priority": 7,
                            "prompt": .array(ids(256).map { .integer(Int($0)) }),
                        ]
                    )
                }
                await warmUp.withFeed(after: []) { feed in
                    feed.extend(to: ids(256))
                    let names = await engine.arrived.next()?.json.object?.map(\.name).sorted()
                    #expect(names == ["max_tokens", "model", "priority", "prompt"])
                }
            }
        }
    }

    @Test(arguments: [
        // From, to, block, least that is new: and whether it is worth a request.
        (0, 255, 16, 256, false), (0, 256, 16, 256, true), (1000, 1247, 16, 256, false), (1000, 1248, 16, 256, true),
        (0, 15, 16, 1, false), (0, 16, 16, 1, true), (0, 511, 512, 256, false), (0, 512, 512, 256, true),
        (512, 512, 16, 256, false), (512, 768, 16, 256, true),
    ])
    func `nothing is asked while nothing is to be gained`(
        start: Int,
        end: Int,
        blockSize: Int,
        newIDsMin: Int,
        isAsked: Bool
    ) async throws {
        var settings = PrefixWarmUp.Settings()
        settings.blockSize = blockSize
        settings.newIDsMin = newIDsMin
        try await LoopbackEngine.run { engine, port in
            try await withWarmUp(port, settings) { warmUp in
                await warmUp.withFeed(after: ids(start)) { feed in
                    feed.extend(to: ids(end))
                    // One that is certain to be asked comes first, or second.
                    if isAsked { #expect(await engine.arrived.next()?.ids.count == end / blockSize * blockSize) }
                    feed.extend(to: ids(end + 1024))
                    _ = await engine.arrived.next()
                }
            }
            #expect(engine.requests.count == (isAsked ? 2 : 1))
        }
    }

    @Test(arguments: [(0, 2), (992, 4), (nil, 4)])
    func `an engine that says it keeps nothing is left alone`(cachedCount: Int?, requestCount: Int) async throws {
        let log = Log()
        let reply = LoopbackEngine.Reply.answer(.ok, LoopbackEngine.completion(cachedCount: cachedCount))
        try await LoopbackEngine.run({ _, _ in reply }) { engine, port in
            try await logging(to: log) {
                try await withWarmUp(port) { warmUp in
                    await warmUp.withFeed(after: []) { feed in
                        for count in 1...requestCount {
                            feed.extend(to: ids(1000 * count))
                            _ = await engine.arrived.next()
                        }
                        if cachedCount == 0 { #expect(await log.lines.next()?.contains("keeps no prefix") == true) }
                        feed.extend(to: ids(1000 * requestCount + 100))
                    }
                }
            }
            #expect(engine.requests.count == requestCount)
        }
        #expect(log.count == (cachedCount == 0 ? 1 : 0))
    }
}
