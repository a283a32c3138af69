internal import ArgumentParser
internal import Foundation
internal import JSON

/// What `respond` and `chat` ask a server for.
struct ResponseOptions: ParsableArguments {
    @Option(name: .long, help: "The server, started with --engine.")
    var url = "http://localhost:8081"

    @Option(name: .long, help: "The tools that the model may use, such as python,browser.")
    var tools = ""

    @Option(name: .long, help: "How much the model should think: low, medium or high.")
    var effort: String?

    @Option(name: .long, help: "What the model is to do or to be, as a developer says it.")
    var instructions: String?

    /// The body of a request that asks `question`.
    func body(asking question: String) -> JSONObject {
        let labels = tools.split(separator: ",").map { JSONValue.string(String($0)) }
        var body: JSONObject = [
            "input": .string(question), "include": ["harmonium:tool_output"],
            "tools": .array(labels.map { ["type": "mcp", "server_label": $0, "server_url": "local"] }),
        ]
        if let effort { body["reasoning"] = ["effort": .string(effort)] }
        body["instructions"] = instructions.map(JSONValue.string)
        return body
    }
}

/// `harmonium respond`: one question, and the model's answer.
struct RespondCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "respond",
        abstract: "Ask the model of a running server, with tools, and print the answer.",
        discussion: """
            The server needs an engine: harmonium serve --engine http://localhost:8000 --model openai/gpt-oss-20b

              harmonium respond 'What is 64548*15151?' --tools python
            """
    )

    @Argument(help: "The question.")
    var question: String

    @Flag(name: .long, help: "Also print what the model thinks, its calls, and what tools write.")
    var verbose = false

    @Flag(name: .long, help: "Print the whole response as JSON, once it has ended.")
    var json = false

    @OptionGroup var options: ResponseOptions

    func run() async throws {
        var printer = ResponsePrinter(isBrief: !verbose)
        var body = options.body(asking: question)
        body["store"] = false
        let response = try await ResponseClient(server: options.url).response(to: body) { event in
            if !json { printer.show(event) }
        }
        if json { Terminal.write("\(response)\n") } else { printer.end() }
        if response["status"] == "incomplete" { Terminal.note("the answer was cut: it reached its limit of tokens") }
    }
}

/// `harmonium chat`: a conversation at this terminal.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Talk to the model of a running server, with tools.",
        discussion: """
            What the model thinks, its calls, what tools write, and its answers are shown apart, in colors where there are any. \
            An empty line is passed over; Ctrl-D ends the conversation.
            """
    )

    @OptionGroup var options: ResponseOptions

    func run() async throws {
        let client = ResponseClient(server: options.url)
        var previous: JSONValue?
        while let question = Self.question() {
            guard !question.allSatisfy(\.isWhitespace) else { continue }
            var body = options.body(asking: question)
            body["previous_response_id"] = previous
            var printer = ResponsePrinter(isBrief: false)
            do {
                previous = try await client.response(to: body) { printer.show($0) }["id"]
                printer.end()
            } catch let error as ToolClientError {
                // The conversation goes on from where it was.
                printer.end()
                Terminal.note("\(error)")
            }
        }
    }

    private static func question() -> String? {
        if isatty(STDIN_FILENO) == 1 {
            print("> ", terminator: "")
            fflush(nil)
        }
        return readLine()
    }
}
