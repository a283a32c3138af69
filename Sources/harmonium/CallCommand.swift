internal import ArgumentParser
internal import JSON
internal import MCP
internal import PythonTool

/// `harmonium call TOOL ARGUMENTS`: one call of a tool, as a serving layer would make it.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call a tool and print its result as it comes.",
        discussion: """
            A tool is named by its namespace, or by both: python, browser.search, browser.open, browser.find. Python takes
            code, the others a JSON object. The result goes to standard output. The exit code is 1 if the tool says that
            the call failed.

              harmonium call python '64548*15151'
              harmonium call python - --session notebook < cell.py
              harmonium call browser.search '{"query": "package management"}' --session reading
              harmonium call browser.open '{"id": 0}' --session reading --json
            """
    )

    @Argument(help: "The tool, such as python or browser.search.")
    var tool: String

    @Argument(help: "The code or the JSON object, or - to read it from standard input; by default an empty object.")
    var arguments: String?

    @Option(name: .long, help: "The server to call.")
    var url = "http://localhost:8081"

    @Option(name: .long, help: "Keep the session's state under this name from call to call.")
    var session: String?

    @Flag(name: .long, help: "Print the whole result as one line of JSON: content, isError, _meta.")
    var json = false

    @Flag(name: .long, help: "Run python in this process, without a server.")
    var local = false

    @OptionGroup var common: CommonOptions

    /// The first part of the tool's name, which is a part of the URL.
    private var namespace: String { String(tool.prefix { $0 != "." }) }

    /// The second part, or the first where there is only one.
    private var function: String { tool.firstIndex(of: ".").map { String(tool[$0...].dropFirst()) } ?? tool }

    private var isPython: Bool { namespace == "python" }

    func validate() throws {
        let isName = [namespace, function].allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy { $0 == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
        }
        guard isName else { throw ValidationError("\(tool) is not the name of a tool, such as python or browser.open") }
        guard isPython || !local else { throw ValidationError("--local runs python alone; call \(tool) on a server") }
        guard !isPython || arguments != nil else {
            throw ValidationError("python takes code: give it, or - to read it")
        }
    }

    func run() async throws {
        let arguments = try members()
        let result = local ? try await callHere(arguments) : try await callServer(arguments)
        if json {
            print(json: result.json)
        } else {
            for case .image(let data, let mimeType) in result.content {
                Terminal.note("[\(mimeType), \(data.count) bytes, not shown]")
            }
        }
        if result.isError { throw ExitCode(1) }
    }

    private func members() throws -> JSONObject {
        guard let arguments else { return [:] }
        let text = arguments == "-" ? Terminal.input("-") : Array(arguments.utf8)
        // The tool itself takes code out of {"code": …}.
        if isPython { return ["code": .string(String(decoding: text, as: UTF8.self))] }
        guard let members = (try? JSONValue(parsing: text))?.object else {
            throw ValidationError("the arguments of \(tool) are not a JSON object, such as {\"query\": \"lamp\"}")
        }
        return members
    }

    private func show(_ text: String) { if !json { Terminal.write(text) } }

    private func callServer(_ arguments: JSONObject) async throws -> ToolResult {
        do {
            return try await ToolClient(server: url).call(
                function,
                of: namespace,
                arguments: arguments,
                session: session,
                output: show
            )
        } catch let error as ToolClientError {
            let hint = error.isMissing && isPython ? ", or use --local" : ""
            Terminal.note("harmonium: \(error.description)\(hint)")
            throw ExitCode(1)
        }
    }

    private func callHere(_ arguments: JSONObject) async throws -> ToolResult {
        let (settings, installation) = try await common.prepare(options: ["python.pool": "0"])
        let encoding = try installation.encoding()
        let directory = try RuntimeDirectory()
        defer { directory.remove() }
        let service = try PythonService(
            settings: settings,
            installation: installation,
            encoding: encoding,
            directory: directory
        )
        let call = ToolCall(
            arguments: arguments,
            session: SessionKey(id: session ?? "call", endsWithConnection: true)
        )
        do {
            return try await service.withWorkers {
                let result = try await service.namespace.tools[0].call(call) { output in show(output.text) }
                show("\n")
                return result
            }
        } catch let error as WorkerError {
            Terminal.note("harmonium: \(error.description)")
            throw ExitCode(1)
        }
    }
}
