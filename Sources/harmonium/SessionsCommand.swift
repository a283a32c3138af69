internal import ArgumentParser
internal import AsyncHTTPClient
internal import JSON
internal import MCP
internal import NIOHTTP1
internal import PythonText

/// `harmonium sessions`: what an operator sees and ends.
struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "List, end and branch the sessions of a running server.",
        discussion: """
            The server lists sessions only to clients on its own machine.

              harmonium sessions list
              harmonium sessions kill notebook
              harmonium sessions branch build build-2
            """,
        subcommands: [List.self, Kill.self, Branch.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print each session with its tools, its age, how long it was idle, and its calls."
        )

        @Option(name: .long, help: "The server to ask.")
        var url = "http://localhost:8081"

        @Flag(name: .long, help: "Print the server's JSON.")
        var json = false

        func run() async throws {
            let answer = try await SessionsCommand.answer(.GET, "\(url)/v1/sessions")
            guard !json else { return print(json: answer) }
            let rows = answer["sessions"]?.array?.map(SessionsCommand.row) ?? []
            for line in Terminal.columns([["SESSION", "TOOLS", "AGE", "IDLE", "RUNNING"]] + rows) {
                Terminal.write(line + "\n")
            }
        }
    }

    struct Kill: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End sessions, with their state, their files and what runs in them."
        )

        @Argument(help: "The names of the sessions.")
        var sessions: [String]

        @Option(name: .long, help: "The server to ask.")
        var url = "http://localhost:8081"

        func run() async throws {
            for session in sessions {
                _ = try await SessionsCommand.answer(.DELETE, "\(url)/v1/sessions/\(session.percentEncodedAsOnePart)")
            }
        }
    }

    struct Branch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begin a container session with the files of another, which goes on by itself."
        )

        @Argument(help: "The session to take the files of.")
        var session: String

        @Argument(help: "The new session.")
        var into: String

        @Option(name: .long, help: "The server to ask.")
        var url = "http://localhost:8081"

        func run() async throws {
            let path = "\(url)/v1/sessions/\(session.percentEncodedAsOnePart)/branch"
            _ = try await SessionsCommand.answer(.POST, path, body: ["into": .string(into)])
        }
    }

    /// What the server answers; ends the program where it refuses.
    private static func answer(
        _ method: HTTPMethod,
        _ url: String,
        body: JSONValue? = nil
    ) async throws -> JSONValue {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.body = body.map { .bytes($0.encoded()) }
        do {
            return try await ToolClient.json(answering: request)
        } catch let error as ToolClientError {
            Terminal.note("harmonium: \(error.description)")
            throw ExitCode(1)
        }
    }

    private static func row(of session: JSONValue) -> [String] {
        [
            session["id"]?.string ?? "", (session["tools"]?.array ?? []).compactMap(\.string).joined(separator: ","),
            duration(session["age_seconds"]?.integer), duration(session["idle_seconds"]?.integer),
            "\(session["running"]?.integer ?? 0)",
        ]
    }

    /// Seconds as a person reads them, with two units at most.
    static func duration(_ seconds: Int?) -> String {
        guard let seconds else { return "" }
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600: return "\(seconds / 60)m\(seconds % 60)s"
        default: return "\(seconds / 3600)h\(seconds % 3600 / 60)m"
        }
    }
}

extension String {
    /// The text as one part of a path, in which a slash is no border.
    var percentEncodedAsOnePart: String {
        percentEncoded.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "%2F")
    }
}
