import Foundation
import JSON
import MCP
import Testing

/// One known attack on the suite's daemon, and what can be seen of it from outside.
struct AttackTrial {
    /// What a case expects that is not so here, and why that is no harm.
    static let deviations: [String: (expectations: Set<String>, reason: String)] = [
        "F03": (["no CONTAINERSHADOW"], "HTTP gives no file that is reached through a link: stricter than expected"),
        "F12": (["no nosuid"], "/proc may have no `mounts` but /proc/self/mounts, which the trial looks at instead"),
        "V04": (["is not "], "a result without text would break clients, so it says that there is no output"),
    ]

    /// Asked after nearly every case; as it is typed it is not what is looked for.
    private static let probe = "echo us''able"
    /// The most processes of a session: the limit, and what is reserved to kill them.
    private static let processesMax = 256 + 64 + 1

    private let daemon: Daemon
    private let name: String

    init(name: String = "container") throws {
        daemon = try #require(Daemon.shared)
        self.name = name
    }

    /// Makes the calls of a case in a session of its own, beside one that must not feel it.
    func carryOut(_ attack: ContainerAttack) async throws {
        let session = "attack-\(attack.id)-\(UUID())"
        let isQuiet = try await eventually { try await daemon.hasOnlyWaitingContainers() }
        #expect(isQuiet, "what came before has left something")
        let host = try HostState(absent: attack.absentFiles)
        defer { host.remove() }
        let memory = try daemon.residentBytes()
        let outcome = try await daemon.carryOut(attack, in: session)
        var problems = outcome.problems(attack, but: Self.deviations[attack.id]?.expectations ?? [])
        if host.secrets.contains(where: { outcome.text.contains($0) }) { problems.append("it shows a secret") }
        for check in attack.words("host") { problems += try await self.problems(check, in: session, memory: memory) }
        problems += try await furtherProblems(of: attack.id, session)
        let beside = try await daemon.bash("echo be''side", in: session + "-neighbor").text
        if beside != "beside\n" { problems.append("another session is not usable: \(beside)") }
        problems += try await end(session)
        problems += host.changes(absent: attack.absentFiles).map { "changed on the machine: \($0)" }
        report(attack, outcome, problems: problems)
        #expect(problems == [], "\(outcome.text.prefix(2000))")
    }

    /// What a check from outside shows while the session lives.
    private func problems(_ check: String, in session: String, memory: Int) async throws -> [String] {
        switch check {
        case "session_usable":
            let text = try await daemon.bash(Self.probe, in: session).text
            return text == "usable\n" ? [] : ["the session is not usable: \(text)"]
        case "daemon_rss_bounded":
            let grown = try daemon.residentBytes() - memory
            return grown < 64 << 20 ? [] : ["the daemon has grown by \(grown >> 20) MiB"]
        case "pids_below_limit":
            let worker = try await daemon.worker(of: "container").pid
            let count = ProcessEntry.descendants(of: worker).count - Daemon.waitingSessions
            return count <= Self.processesMax ? [] : ["\(count) processes"]
        case "host_port_closed_18999":
            return Daemon.isListening(onPort: 18999) ? ["the port is open on this machine"] : []
        // Compared before and after each case.
        case "no_host_secret", "host_alive", "host_tmp_owner", "gone_after_close", "host_ipc_unchanged": return []
        case let check where check.hasPrefix("no_host_file:"): return []
        default: return ["no way to check \(check)"]
        }
    }

    /// What a case wants to know, asked in a way that fits this machine.
    private func furtherProblems(of id: String, _ session: String) async throws -> [String] {
        guard id == "F12" else { return [] }
        let script = "stat -c %a /mnt/data/su; grep ' /mnt/data ' /proc/self/mounts"
        let text = try await daemon.bash(script, in: session).text
        return text.hasPrefix("644\n") && text.contains("nosuid") ? [] : ["/mnt/data is not nosuid: \(text)"]
    }

    /// Ends the sessions of a case, and says what is left of them.
    private func end(_ session: String) async throws -> [String] {
        for name in [session, session + "-neighbor"] {
            _ = try await daemon.call(Call(session: name, namespace: "container", tool: "cleanup_session"))
        }
        let isGone = try await eventually { try await daemon.hasOnlyWaitingContainers() }
        return isGone ? [] : ["processes or groups outlive the session"]
    }

    /// A line of the table that `make attack` prints, in the file that the environment names.
    private func report(_ attack: ContainerAttack, _ outcome: AttackOutcome, problems: [String]) {
        guard let path = ProcessInfo.processInfo.environment["HARMONIUM_ATTACK_TABLE"],
            let file = FileHandle(forWritingAtPath: path)
        else { return }
        let code = outcome.run?["exit_code"]?.integer.map { "exit code \($0)" }
        let came = code ?? (outcome.isRefused ? "refused" : "done")
        let verdict = problems.isEmpty ? "held" : "BROKEN: \(problems.joined(separator: "; "))"
        let line = ["\(name) \(attack.id) \(attack.title)", came, verdict]
            .map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
        _ = try? file.seekToEnd()
        try? file.write(contentsOf: Data((line.joined(separator: "\t") + "\n").utf8))
        try? file.close()
    }
}
