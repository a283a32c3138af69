import PythonProtocol
import SandboxProtocol
import Testing

extension AttackTests {
    /// That a supervisor stands whatever its interpreter writes to it.
    @Suite(.serialized, .worker) struct Channel {
        /// Writes to the channel, from the seed, what looks more or less like frames.
        private static func noise(seed: Int) -> String {
            """
            import os, random
            r = random.Random(\(seed))
            def frame():
                size = r.choice((0, 1, 4, 16, 17, 18, 64, 1000, 70000))
                claimed = r.choice((size, size, size, size + 1, size - 1, 1 << 20, 9 << 20, (9 << 20) + 1, 0xffffffff, 0))
                kind = r.choice((0, 1, 2, 2, 3, 4, 5, 6, 255))
                body = bytearray(r.randbytes(size))
                if kind == 1 and size > 10: body[:10] = b'\\x09image/png'
                return (claimed & 0xffffffff).to_bytes(4, 'little') + bytes([kind]) + bytes(body)
            data = b''.join(frame() for _ in range(r.randrange(1, 6)))
            if r.random() < 0.3: data = data[:r.randrange(len(data) + 1)]
            if r.random() < 0.2: data = r.randbytes(r.randrange(1, 300))
            if r.random() < 0.2:
                if os.fork(): os._exit(r.randrange(3))
            while data:
                cut = r.randrange(1, len(data) + 1)
                os.write(900, data[:cut]); data = data[cut:]
            """
        }

        @Test func `a supervisor survives noise from its interpreter`() async throws {
            let worker = try #require(TestWorker.current)
            var ends: [String: Int] = [:]
            try await withThrowingTaskGroup(of: [String].self) { group in
                for lane in 0..<4 {
                    group.addTask { try await Self.makeNoise(worker, seeds: lane * 60..<(lane + 1) * 60) }
                }
                for try await lane in group { for end in lane { ends[end, default: 0] += 1 } }
            }
            try #require(ends.values.reduce(0, +) == 240)
            try #require(ends["brokeProtocol", default: 0] > 100, "\(ends)")
            try #require(worker.isRunning)
            try #require(eventually { Host.areQuiet(worker.pid) })
            let summary = ends.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            Report.add("240 sessions of noise", outcome: summary, problems: [])
        }

        /// A session for each seed; how each ended.
        private static func makeNoise(_ worker: TestWorker, seeds: Range<Int>) async throws -> [String] {
            var ends: [String] = []
            for seed in seeds {
                let (seen, after) = try await worker.session { client in
                    let seen = try await client.run(noise(seed: seed), limitMilliseconds: 300)
                    return (seen, try await client.run(Expectation.probe.source))
                }
                // Never completed otherwise than by the nonce, so never after what was written in vain.
                try #require(seen.outcome != nil, "seed \(seed)")
                // What was left half-said takes the next run's end with it; the one after is sound in any case.
                try #require(after.outcome != nil, "seed \(seed)")
                ends.append(seen.summary)
            }
            return ends
        }

        @Test func `a thread that a cell leaves cannot answer for the next cell, nor keep it from ending`()
            async throws
        {
            let worker = try #require(TestWorker.current)
            let thief = """
                import os, threading
                def steal():
                    while True:
                        request = os.read(900, 1 << 16)
                        os.write(900, (17).to_bytes(4, 'little') + b'\\2' + bytes(16) + b'\\0')
                for _ in range(8): threading.Thread(target=steal, daemon=True).start()
                """
            try await worker.session { client in
                _ = try await client.run(thief)
                let seen = try await client.run("print('real')", limitMilliseconds: 500)
                try #require(
                    seen.summary == "brokeProtocol" || seen.outcome?.stop == .timeLimit || seen.text == "real\n"
                )
                try #require(seen.duration < .seconds(8))
                let after = try await client.run("print('back')", limitMilliseconds: 500)
                try #require(after.outcome != nil)
            }
        }

        @Test func `noise between two runs ends the interpreter, and the next run says so`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                let cell = """
                    import os, time
                    if os.fork() == 0:
                        time.sleep(0.2); os.write(900, bytes(64)); time.sleep(60)
                    """
                _ = try await client.run(cell)
                // As long as that takes, another session is busy.
                _ = try await worker.session { try await $0.run("import time; time.sleep(1)") }
                let seen = try await client.run("print('back')")
                try #require(seen.deathBefore != nil)
                try #require(seen.text == "back\n")
            }
        }

        @Test func `requests that are none end a session, and no other`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { good in
                for bytes in [[UInt8](repeating: 0xFF, count: 64), [0, 0, 0, 0, 99], [3, 0, 0, 0, 1, 1, 2, 3]] {
                    try await worker.session { client in
                        try await client.sendRaw(bytes)
                        try #require(try await client.observe(withinMilliseconds: 0).outcome == nil)
                    }
                    try #require(try await good.run("print(1)").text == "1\n")
                }
            }
            try #require(eventually { Host.areQuiet(worker.pid) })
        }

        @Test func `a session whose daemon asks and does not read holds up no other`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { deaf in
                // Less than the limit on output, more than all buffers between the two.
                try await deaf.send(
                    .run(.init(timeLimitMilliseconds: 20_000, source: Array("print('x' * 3000000)".utf8)))
                )
                for _ in 0..<20 {
                    let seen = try await worker.session { try await $0.run("print(1)") }
                    try #require(seen.text == "1\n")
                }
                try #require(try await deaf.observe(withinMilliseconds: 20_000).output.count == 3_000_001)
            }
        }
    }
}
