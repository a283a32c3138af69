extension Setting {
    /// What concerns the sessions of a tool that runs `calls` in the sandbox.
    static func sandboxes(of tool: String, calls: String, sessionsMax: Int, processesMax: Int, idleSeconds: Int)
        -> [Setting]
    {
        network(of: tool) + limits(of: tool, calls: calls, processesMax: processesMax)
            + sessions(of: tool, sessionsMax: sessionsMax, idleSeconds: idleSeconds)
    }

    private static let networks = ["none", "loopback", "egress"]

    private static func network(of tool: String) -> [Setting] {
        [
            Setting(
                "\(tool).network",
                .choice(networks),
                help:
                    "What a session can reach: nothing; itself, by the loopback interface; or also what \(tool).egress allows."
            ),
            Setting(
                "\(tool).networks",
                .list(choices: networks),
                help:
                    "Other networks that a session may ask for, by the header x-session-network; each takes a worker of its own."
            ),
            Setting(
                "\(tool).shared-network",
                .choice(["auto", "always", "never"]),
                help:
                    "Whether sessions without a network share one network namespace; auto: where Landlock separates them."
            ),
            Setting(
                "\(tool).egress",
                .list(),
                help:
                    "Destinations that sessions may reach with \(tool).network=egress: names, addresses and blocks, with ports."
            ),
        ]
    }

    private static func limits(of tool: String, calls: String, processesMax: Int) -> [Setting] {
        [
            Setting(
                "\(tool).grace-seconds",
                .number(0...60, default: 2),
                help: "How long an interrupted \(calls) has until it is killed, in seconds."
            ),
            Setting(
                "\(tool).memory-mib",
                .number(64...1_048_576, default: 1024),
                help: "Memory of all processes of a session, in MiB."
            ),
            Setting(
                "\(tool).total-memory-mib",
                .number(0...16_777_216, default: 0),
                help:
                    "Memory of all sessions together, in MiB; 0 is an equal part, among the networks of all tools, of three quarters of the machine's."
            ),
            Setting(
                "\(tool).data-mib",
                .number(1...1_048_576, default: 1024),
                help: "The size of a session's /mnt/data, in MiB."
            ),
            Setting(
                "\(tool).processes",
                .number(1...32768, default: processesMax),
                help: "Processes and threads of a session at a time."
            ),
            Setting(
                "\(tool).output-mib",
                .number(1...4096, default: 64),
                help: "Output after which a call is interrupted, in MiB."
            ),
        ]
    }

    private static func sessions(of tool: String, sessionsMax: Int, idleSeconds: Int) -> [Setting] {
        [
            Setting(
                "\(tool).sessions",
                .number(1...100_000, default: sessionsMax),
                help: "Sessions at a time; another one replaces one that is empty or was idle, or is refused."
            ),
            Setting(
                "\(tool).idle-seconds",
                .number(1...week, default: idleSeconds),
                help: "How long a session is kept without use, in seconds."
            ),
            Setting(
                "\(tool).room-seconds",
                .number(0...week, default: 60),
                help: "How long a session must have been idle before another may replace it, in seconds."
            ),
            Setting("\(tool).waiting", .number(0...1024, default: 16), help: "Calls that may wait for one session."),
            Setting("\(tool).pool", .number(0...256, default: 4), help: "Sessions that are kept ready to be taken."),
        ]
    }
}
