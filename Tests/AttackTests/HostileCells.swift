import Foundation
import Testing

/// Attacks of ours: the cells in `sandbox/hostile`, each with its expectation in its first lines.
///
/// A file is named after its group, and each group has a `GROUP-control.py` with what must go on working. A cell prints
/// `closed` at its end, and `HOLE` with what it found wherever it got through. With `# network: loopback` it is tried in
/// sessions that have one, and with `# needs: root` not in those of an ordinary user.
enum HostileCells {
    static let all = load()

    private static func load() -> [Attack] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Places.hostile.path)) ?? []
        return names.filter { $0.hasSuffix(".py") }.sorted().compactMap { name in
            guard let source = try? String(contentsOf: Places.hostile.appending(path: name), encoding: .utf8) else {
                return nil
            }
            let header = header(of: source)
            return Attack(
                name: String(name.dropLast(3)),
                source: source,
                expectation: Expectation(header: source),
                network: header.last { $0.key == "network" }?.value ?? "none",
                needsRoot: header.contains { $0 == ("needs", "root") }
            )
        }
    }

    /// The lines `# KEY: VALUE` that a cell begins with.
    static func header(of source: String) -> [(key: Substring, value: String)] {
        source.split(separator: "\n").prefix { $0.hasPrefix("# ") }.compactMap { line in
            guard let colon = line.firstRange(of: ": ") else { return nil }
            return (line.dropFirst(2).prefix(upTo: colon.lowerBound), String(line[colon.upperBound...]))
        }
    }

    /// Those that are tried in sessions which reach `network`, of a worker that is root's or not.
    static func inSessions(reaching network: String, asRoot isRoot: Bool = TestWorker.isRoot) -> [Attack] {
        all.filter { $0.network == network && (isRoot || !$0.needsRoot) }
    }

    /// The part of a name before the first dash.
    static func group(of attack: Attack) -> Substring { attack.name.prefix { $0 != "-" } }
}

extension Expectation {
    /// Reads a cell's ``HostileCells/header(of:)``: `ends` (words of ``Ending``, with commas between), `has`, `lacks`,
    /// `limit` in milliseconds. Without them a cell completes and says `closed`.
    init(header source: String) {
        var endings: [Ending] = []
        var has: [String] = []
        var lacks: [String] = []
        var limit: UInt32 = 10_000
        for (key, value) in HostileCells.header(of: source) {
            switch key {
            case "ends": endings = value.split(separator: ", ").map { Ending(word: String($0)) }
            case "has": has.append(value)
            case "lacks": lacks.append(value)
            case "limit": limit = UInt32(value) ?? limit
            default: break
            }
        }
        if endings.isEmpty {
            endings = [.completed]
            has.append("^closed$")
        }
        self.init(endings: endings, has: has, lacks: lacks, limitMilliseconds: limit, then: Expectation.probe.answer)
    }
}

extension Expectation.Ending {
    fileprivate init(word: String) {
        let words = word.split(separator: " ")
        let number = words.dropFirst().first.flatMap { UInt8($0) }
        switch (words.first, number) {
        case ("completed", nil): self = .completed
        case ("raised", nil): self = .raised
        case ("exited", let status?): self = .exited(status)
        case ("signaled", let signal?): self = .signaled(signal)
        case ("outOfMemory", nil): self = .outOfMemory
        case ("brokeProtocol", nil): self = .brokeProtocol
        case ("timeLimit", nil): self = .timeLimit
        case ("outputLimit", nil): self = .outputLimit
        default: preconditionFailure("no way to end: \(word)")
        }
    }
}
