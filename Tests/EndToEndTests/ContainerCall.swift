import JSON

extension Call {
    /// A call of `exec`.
    static func exec(_ words: [String], in session: String, _ others: JSONObject = [:]) -> Call {
        let command: JSONObject = ["cmd": .array(words.map(JSONValue.string))]
        return Call(
            session: session,
            namespace: "container",
            tool: "exec",
            arguments: command.merging(others)
        )
    }

    /// A call of `feed_chars`.
    static func feed(_ characters: String, to terminal: String, in session: String, waiting: Int = 100) -> Call {
        Call(
            session: session,
            namespace: "container",
            tool: "feed_chars",
            arguments: [
                "session_name": .string(terminal), "chars": .string(characters), "yield_time_ms": .integer(waiting),
            ]
        )
    }
}

extension Answer {
    /// What programs get to know of the command.
    var run: JSONValue? { result["_meta"]?["dev.harmonium/run"] }
    var exitCode: Int? { run?["exit_code"]?.integer }
}

extension Daemon {
    /// Runs a script in a container as models do.
    func bash(
        _ script: String,
        in session: String,
        _ others: JSONObject = [:],
        over transport: Transport = .stateless
    ) async throws -> Answer {
        try await call(.exec(["bash", "-lc", script], in: session, others), over: transport)
    }

    /// Types on a terminal and waits until it shows `text`, for as long as that takes.
    @discardableResult
    func type(_ characters: String, on terminal: String, in session: String, until text: String) async throws -> String
    {
        var shown = try await call(.feed(characters, to: terminal, in: session, waiting: 20)).text
        _ = try await eventually(within: .seconds(20)) {
            if shown.contains(text) { return true }
            shown += try await call(.feed("", to: terminal, in: session, waiting: 50)).text
            return shown.contains(text)
        }
        return shown
    }
}
