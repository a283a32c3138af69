import Foundation
import JSON
import MCP
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// That one client's cells do not keep another's from a place to run.
    @Suite(.daemon("--set", "python.running=1")) struct FairnessTests {
        private let daemon: Daemon

        init() throws { daemon = try #require(Daemon.shared) }

        @Test(arguments: [("Bearer one", true), ("Bearer many", false)])
        func `a client that waits for its first place comes before one that has many`(
            token: String,
            isFirst: Bool
        ) async throws {
            let round = UUID()
            var runs: [Events] = []
            for index in 0..<3 {
                let cell = "import time; time.sleep(0.5); print('held')"
                let call = Call(code: cell, session: "\(round)-\(index)", token: "Bearer many")
                runs.append(try await daemon.begin(call))
            }
            _ = try await eventually { try await daemon.readiness()["queued"]?.integer == 2 }
            let start = ContinuousClock.now
            let call = Call(code: "1", session: "\(round)-last", token: token)
            #expect(try await daemon.call(call).text == "1")
            let taken = ContinuousClock.now - start
            #expect((taken < .milliseconds(900)) == isFirst, "\(taken)")
            for index in runs.indices { #expect(try await Answer(from: &runs[index]).text == "held") }
        }
    }

    /// The same with the places that there are by default.
    @Suite(.daemon("--set", "python.time-limit-seconds=6")) struct CrowdTests {
        private let daemon: Daemon

        init() throws { daemon = try #require(Daemon.shared) }

        @Test(.timeLimit(.minutes(2)))
        func `two hundred cells that sleep keep no other client's call waiting`() async throws {
            let cell = "import time\nprint('begun', flush=True)\ntime.sleep(5.5)"
            let daemon = daemon
            _ = try await daemon.call("1", in: "good")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        let call = Call(code: cell, session: "crowd-\(index)", token: "Bearer many")
                        while !Task.isCancelled { _ = try? await daemon.call(call) }
                    }
                }
                defer { group.cancelAll() }
                let isCrowded = try await eventually(within: .seconds(60)) {
                    try await daemon.readiness()["calls"]?.integer ?? 0 >= 190
                }
                try #require(isCrowded)
                for (session, token) in [("good", nil), ("new", "Bearer one")] {
                    let start = ContinuousClock.now
                    let answer = try await daemon.call(Call(code: "1+1", session: session, token: token))
                    #expect(answer.text == "2")
                    // It was 13 s.
                    #expect(ContinuousClock.now - start < .seconds(5), "\(session)")
                }
            }
        }
    }
}
