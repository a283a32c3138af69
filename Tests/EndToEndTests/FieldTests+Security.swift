import Foundation
import JSON
import Testing

extension EndToEndTests {
    /// Every fault of security that was found in the field, in one table.
    @Suite struct SecurityFieldTests {
        typealias Outcomes = [String: FieldReport.Outcome]

        @Test(.timeLimit(.minutes(8)))
        func `faults of the field come to what they should`() async throws {
            let cases = try FieldCase.shared("security")
            var outcomes = try await Self.requests()
            outcomes.merge(try await Self.cells(of: cases)) { $1 }
            outcomes.merge(try await Self.egress()) { $1 }
            for (id, test) in SecurityField.elsewhere {
                #expect(try SecurityField.isTest(test), "\(id): no such test")
                outcomes[id] = .elsewhere(test)
            }
            for (id, reason) in SecurityField.judged { outcomes[id] = .judged(reason) }
            var report = FieldReport(title: "security.jsonl")
            let others = Set(outcomes.keys).subtracting(cases.map(\.id)).sorted().map(FieldCase.named)
            for found in cases + others { report.add(found, outcomes[found.id] ?? .wrong("no way to try it is known")) }
            report.show()
        }

        private static func requests() async throws -> Outcomes {
            let floods = try await Daemon.run(["--set", "python.output-mib=16"]) { daemon in
                let outcomes = try await RequestField.outcomes(on: daemon, of: "flood")
                // An operator can see why clients are refused.
                let isLogged = await eventually { daemon.log.text.contains("Request came too slowly") }
                #expect(isLogged, "\(daemon.log.text)")
                return outcomes
            }
            let shapes = try await Daemon.run { try await RequestField.outcomes(on: $0, of: "shape") }
            return floods.merging(shapes) { $1 }
        }

        private static func cells(of cases: [FieldCase]) async throws -> Outcomes {
            try await Daemon.run(["--set", "python.networks=loopback"]) { daemon in
                let recorded = Dictionary(uniqueKeysWithValues: cases.map { ($0.id, $0.record["input"]?.string) })
                var outcomes: Outcomes = [:]
                for (id, cell) in SecurityField.cells.sorted(by: { $0.key < $1.key }) {
                    outcomes[id] = .right
                    let codes = [cell.code, cell.isAlsoAsRecorded ? recorded[id] ?? nil : nil].compactMap(\.self)
                    for code in codes {
                        let answer = try await daemon.call(Call(code: code, session: id, network: cell.network))
                        let isRight = cell.shown.holds(for: answer.text) && answer.types == ["text"]
                        if !isRight { outcomes[id] = .wrong("\(code)\n\(answer.text)") }
                    }
                }
                let cell = try #require(SecurityField.cells["rt-clone-parent"])
                outcomes["rt-clone-parent-wedge"] = try await wedge(cell.code, on: daemon)
                return outcomes
            }
        }

        /// The cell in a session of its own again and again, more often than there can be sessions.
        private static func wedge(_ cell: String, on daemon: Daemon) async throws -> FieldReport.Outcome {
            try #require(!cell.isEmpty)
            for _ in 0..<65 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { _ = try await daemon.call(cell) } }
                    try await group.waitForAll()
                }
            }
            let start = ContinuousClock.now
            let good = try await within(.seconds(20)) { try await daemon.call("1+1") }
            guard good.text == "2" else { return .wrong(good.text) }
            let taken = ContinuousClock.now - start
            let isClear = try await eventually {
                let readiness = try await daemon.readiness()
                let ended = ProcessEntry.descendants(of: daemon.pid).filter(\.hasEnded)
                return readiness["ready"] == true && readiness["sessionsLeaked"]?.integer ?? 0 == 0 && ended.isEmpty
            }
            guard isClear else { return .wrong("\(ProcessEntry.descendants(of: daemon.pid))") }
            return taken < .seconds(5) ? .right : .wrong("the good call took \(taken)")
        }

        private static func egress() async throws -> Outcomes {
            let options = ["--set", "python.network=egress", "--set", "python.egress=pypi.org:443"]
            return try await Daemon.run(options + ["--log-format", "text"]) { daemon in
                var outcomes: Outcomes = [:]
                let name = "eg3 egress.verdict=allowed session.id=victim"
                _ = try await daemon.call(Call(code: refused, session: name))
                let isQuoted = await eventually { daemon.log.text.contains(#"session.id="\#(name)""#) }
                outcomes["rt-log-field"] = isQuoted ? .right : .wrong(daemon.log.text)

                let before = daemon.log.lines.count
                let text = try await daemon.call(Call(code: flood, session: "flood")).text
                let attempts = Int(text) ?? 0
                let lines = daemon.log.lines.count - before
                let isBounded = attempts > 1000 && (50...150).contains(lines)
                outcomes["rt-egress-log"] = isBounded ? .right : .wrong("\(text) attempts, \(lines) lines")
                return outcomes
            }
        }

        private static let refused = """
            import socket
            s = socket.create_connection(('127.0.0.1', 3128))
            s.sendall(b'CONNECT private.example:443 HTTP/1.1\\r\\nHost: private.example:443\\r\\n\\r\\n')
            print(s.recv(12))
            """

        private static let flood = """
            import socket, threading, time
            count, end = [0], time.monotonic() + 4
            def ask():
                name = 'x' * 60 + '.' + 'y' * 60 + '.' + 'z' * 60 + '.example'
                while time.monotonic() < end:
                    with socket.create_connection(('127.0.0.1', 3128)) as s:
                        s.sendall(f'CONNECT {name}:443 HTTP/1.1\\r\\nHost: {name}:443\\r\\n\\r\\n'.encode())
                        s.recv(12)
                        count[0] += 1
            threads = [threading.Thread(target=ask) for _ in range(16)]
            for t in threads: t.start()
            for t in threads: t.join()
            print(count[0])
            """
    }
}
