import Foundation
import Testing

/// A cell that tries something, and what is safe for it to come to.
struct Attack: CustomTestStringConvertible, Sendable {
    let name: String
    let source: String
    /// What is asked next in the same session.
    var next = Expectation.probe.source
    let expectation: Expectation
    /// What the sessions of the worker reach in which it is tried.
    var network = "none"
    /// Whether it is warded off only where the worker is root's: by control groups, or by users of its own.
    var needsRoot = false

    var testDescription: String { name }

    /// Carries it out in a session of its own, beside one that must not feel it.
    func carryOut() async throws {
        let worker = try #require(TestWorker.current)
        let (seen, after) = try await worker.session { client in
            let seen = try await client.run(source, limitMilliseconds: expectation.limitMilliseconds)
            return (seen, try await client.run(next))
        }
        let neighbor = try await worker.session { try await $0.run(Expectation.probe.source) }
        var problems = expectation.problems(with: seen) + expectation.problems(withNext: after)
        if !found(Expectation.probe.answer, in: neighbor.text) {
            problems.append("a new session: \(neighbor.summary)")
        }
        if !worker.isRunning { problems.append("the worker has died") }
        if !eventually({ Host.areQuiet(worker.pid) }) { problems.append("processes outlive their session") }
        Report.add(name, outcome: seen.summary, problems: problems)
        #expect(problems == [], "\(seen.text.prefix(2000))")
    }
}

/// The table that `make attack` prints: a line for each attack, in the file that the environment names.
enum Report {
    /// Adds a line. A test that has no `problems` to tell must have required all it expects before.
    static func add(_ name: String, outcome: String, problems: [String]) {
        guard let path = ProcessInfo.processInfo.environment["HARMONIUM_ATTACK_TABLE"],
            let file = FileHandle(forWritingAtPath: path)
        else { return }
        let verdict = problems.isEmpty ? "held" : "BROKEN: \(problems.joined(separator: "; "))"
        let line = [name, outcome, verdict].map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
        _ = try? file.seekToEnd()
        try? file.write(contentsOf: Data((line.joined(separator: "\t") + "\n").utf8))
        try? file.close()
    }
}

extension Host {
    /// Whether a worker has no processes but those of its pool: the zygote, and two for each session that waits.
    static func areQuiet(_ worker: Int32) -> Bool {
        descendants(of: worker).count <= 1 + 2 * TestWorker.poolSize
    }
}
