internal import ArgumentParser
internal import Browsing
internal import JSON
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
              harmonium browse cite 'Upgrade first【1†L9-L11】.'
            """,
        subcommands: [Search.self, Open.self, Find.self, Cite.self]
    )

    struct Place: ParsableArguments {
        @Option(name: .long, help: "The server to call.")
        var url = "http://localhost:8081"

        @Option(name: .long, help: "The session: calls with the same name share their pages.")
        var session = "browse"

        @Option(name: .long, help: "The number in brackets of the display to start from; the newest by default.")
        var cursor: Int?

        func call(_ tool: String, _ arguments: JSONObject) async throws {
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
        static let configuration = CommandConfiguration(abstract: "Search, and print what was found.")

        @Argument(help: "The words or the question to search for.")
        var query: String

        @OptionGroup var place: Place

        func run() async throws { try await place.call("search", ["query": .string(query)]) }
    }

    struct Open: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Open a link by its number, open a URL, or scroll.")

        @Argument(help: "The number of a link in the display, or a URL; without it the page is scrolled.")
        var link: String?

        @Option(name: .long, help: "The first line to show.")
        var line: Int?

        @Option(name: .long, help: "The number of lines to show.")
        var lines: Int?

        @OptionGroup var place: Place

        func run() async throws {
            var arguments: JSONObject = [:]
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

    struct Cite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turn the citations in a text, such as 【6†L9-L11】, into links to the pages of a session."
        )

        @Argument(help: "The text, or - to read it from standard input.")
        var text: String

        @Option(name: .long, help: "The server to call.")
        var url = "http://localhost:8081"

        @Option(name: .long, help: "The session with the pages, as `x-session-id` or --session named it.")
        var session = "browse"

        func run() async throws {
            let text = String(decoding: Terminal.input(text), as: UTF8.self)
            do {
                let client = ToolClient(server: url)
                let json = try await client.read(CitationResolver.resourceURI, of: "browser", session: session)
                let urls = try JSONValue(parsing: json).object ?? [:]
                let citations = urls.compactMap { member in member.value.string.map { (member.name, $0) } }
                var resolver = CitationResolver(citations: Dictionary(uniqueKeysWithValues: citations))
                Terminal.write(resolver.feed(text).text + resolver.finish().text + "\n")
            } catch let error as ToolClientError {
                Terminal.note("harmonium: \(error.description)")
                throw ExitCode(1)
            }
        }
    }
}
