internal import ArgumentParser
internal import MCP

/// `harmonium browse`: the browser as a model uses it, for a person.
struct BrowseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "browse",
        abstract: "Search, open and find with the browser of a running server.",
        discussion: """
            Pages stay open from call to call, as they do for a model.

              harmonium browse search 'package management'
              harmonium browse open 0
              harmonium browse find upgrade
            """,
        subcommands: [Search.self, Open.self, Find.self]
    )

    struct Place: ParsableArguments {
        @Option(name: .long, help: "The server to call.")
        var url = "http://localhost:8081"

        @Option(name: .long, help: "Whose pages: calls with the same name see the same.")
        var session = "browse"

        @Option(name: .long, help: "The display to start from, by its number in brackets; the newest if not given.")
        var cursor: Int?

        func call(_ tool: String, _ arguments: [String: JSONValue]) async throws {
            var arguments = arguments
            if let cursor { arguments["cursor"] = .integer(cursor) }
            do {
                let result = try await ToolClient(server: url).call(
                    tool,
                    of: "browser",
                    arguments: arguments,
                    session: session,
                    output: Terminal.write
                )
                if result.isError { throw ExitCode(1) }
            } catch let error as ToolClientError {
                Terminal.note("harmonium: \(error.description)")
                throw ExitCode(1)
            }
        }
    }

    struct Search: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Search, and show what was found.")

        @Argument(help: "What to look for.")
        var query: String

        @OptionGroup var place: Place

        func run() async throws { try await place.call("search", ["query": .string(query)]) }
    }

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Open a link by its number, a URL, or scroll.")

        @Argument(help: "The number of a link in the display, or a URL; nothing scrolls in the page.")
        var link: String?

        @Option(name: .long, help: "The line to begin at.")
        var line: Int?

        @Option(name: .long, help: "How many lines to show.")
        var lines: Int?

        @OptionGroup var place: Place

        func run() async throws {
            var arguments: [String: JSONValue] = [:]
            arguments["id"] = link.map { link in Int(link).map { .integer($0) } ?? .string(link) }
            arguments["loc"] = line.map { .integer($0) }
            arguments["num_lines"] = lines.map { .integer($0) }
            try await place.call("open", arguments)
        }
    }

    struct Find: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Find a text in the page.")

        @Argument(help: "The text.")
        var pattern: String

        @OptionGroup var place: Place

        func run() async throws { try await place.call("find", ["pattern": .string(pattern)]) }
    }
}
