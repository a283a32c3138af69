internal import ArgumentParser
internal import Foundation
internal import JSON
internal import LinuxSystem
internal import UnixSignals

/// Where and how `exec` and `shell` run a command.
struct CommandOptions: ParsableArguments {
    @Option(name: .long, help: "The server whose session it is.")
    var url = "http://localhost:8081"

    @Option(name: .long, help: "The directory to start in.")
    var workdir: String?

    @Option(name: .long, help: "The user to run as: a name, or a number; root by default.")
    var user: String?

    @Option(name: .long, help: "NAME=VALUE for its environment; may be repeated.")
    var env: [String] = []

    /// The body of a request that runs `words`.
    func body(running words: [String]) throws -> JSONObject {
        var environment: JSONObject = [:]
        for entry in env {
            guard let equals = entry.firstIndex(of: "="), equals > entry.startIndex else {
                throw ValidationError("--env \(entry) is not NAME=VALUE")
            }
            environment[String(entry[..<equals])] = .string(String(entry[entry.index(after: equals)...]))
        }
        var body: JSONObject = ["cmd": .array(words.map(JSONValue.string)), "env": .object(environment)]
        body["workdir"] = workdir.map(JSONValue.string)
        body["user"] = user.map(JSONValue.string)
        return body
    }
}

/// `harmonium exec`: a command in a session, as if it ran here.
struct ExecCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command in a container session of a running server.",
        discussion: """
            Input and output are the command's, with standard error among its output, and so is the exit code. Without \
            --session the command has a session of its own, which ends with it.

              harmonium exec -- uname -a
              harmonium exec --session build -- bash -c 'make 2>&1 | tail'
              tar c src | harmonium exec --session build -- tar x -C /root
            """
    )

    @Option(name: .long, help: "The session to run it in, which stays.")
    var session: String?

    @Flag(name: [.long, .customShort("t")], help: "Give it a terminal, if this is one.")
    var tty = false

    @OptionGroup var options: CommandOptions

    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments, after --.")
    var command: [String]

    func run() async throws {
        let words = Array(command.drop { $0 == "--" })
        guard !words.isEmpty else { throw ValidationError("name a command, such as: harmonium exec -- uname -a") }
        let client = CommandClient(server: options.url, session: session ?? "exec-\(UUID())")
        let body = try options.body(running: words)
        let status = try await AttachedTerminal.run(body, on: client, wantsTerminal: tty)
        if session == nil { try await client.endSession() }
        throw ExitCode(Int32(status))
    }
}

/// `harmonium shell`: a shell on the machine of a session, at this terminal.
struct ShellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Open a shell in a container session of a running server.",
        discussion: """
            It is bash, or sh where there is no bash. The session stays, with its files and what runs in the background.

              harmonium shell
              harmonium shell build
            """
    )

    @Argument(help: "The session.")
    var session = "shell"

    @OptionGroup var options: CommandOptions

    private static let script = "command -v bash >/dev/null && exec bash -l; exec sh -l"

    func run() async throws {
        let client = CommandClient(server: options.url, session: session)
        let body = try options.body(running: ["/bin/sh", "-c", ShellCommand.script])
        throw ExitCode(Int32(try await AttachedTerminal.run(body, on: client, wantsTerminal: true)))
    }
}

/// This process's standard input and output as those of a command.
private enum AttachedTerminal {
    /// Runs a command with them; on a terminal of its own where that is wanted and this is one.
    static func run(_ body: JSONObject, on client: CommandClient, wantsTerminal: Bool) async throws -> Int {
        let size = wantsTerminal ? RawTerminal.size(of: STDIN_FILENO) : nil
        var body = body
        if let size {
            body["terminal"] = ["rows": .integer(Int(size.rows)), "columns": .integer(Int(size.columns))]
            let term = ProcessInfo.processInfo.environment["TERM"] ?? "xterm"
            var environment = body["env"]?.object ?? [:]
            if environment["TERM"] == nil { environment["TERM"] = .string(term) }
            body["env"] = .object(environment)
        }
        let hasTerminal = size != nil
        // How the terminal was comes back when the command has ended, however that comes.
        let raw = try size.map { _ in try RawTerminal(STDIN_FILENO) }
        defer { withExtendedLifetime(raw) {} }
        do {
            return try await client.run(body) { send in
                async let signals: Void = forwardSignals(hasTerminal: hasTerminal, send)
                try await forwardInput(send)
                try await signals
            } output: { bytes in
                try? FileHandle.standardOutput.write(contentsOf: Data(bytes))
            }
        } catch let error as ToolClientError {
            Terminal.note("harmonium: \(error.description)")
            throw ExitCode(125)
        }
    }

    private typealias Send = @Sendable (CommandClient.Input) async throws -> Void

    /// Sends what can be read from standard input, and its end.
    private static func forwardInput(_ send: Send) async throws {
        while true {
            // Waits on a thread for it; a read that nothing comes for ends with the process.
            let bytes = await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(returning: Array(FileHandle.standardInput.availableData))
                }
            }
            guard !bytes.isEmpty else { break }
            try await send(.bytes(bytes))
        }
        try await send(.end)
    }

    private static func forwardSignals(hasTerminal: Bool, _ send: Send) async throws {
        let trapped: [UnixSignal] = hasTerminal ? [.sigwinch, .sigterm] : [.sigint, .sigterm]
        for await signal in await UnixSignalsSequence(trapping: trapped) {
            switch signal {
            case .sigwinch:
                guard let size = RawTerminal.size(of: STDIN_FILENO) else { continue }
                try await send(.resize(rows: size.rows, columns: size.columns))
            case .sigint: try await send(.signal(Int(SIGINT)))
            default: try await send(.signal(Int(SIGTERM)))
            }
        }
    }
}
