internal import ArgumentParser
internal import Foundation
internal import JSON
internal import MCP
internal import PythonTool

/// `harmonium call python CODE`: one call of a tool, as a serving layer would make it.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call a tool and print its result as it comes.",
        discussion: """
            The result goes to standard output. The exit code is 1 if the tool says that the call went wrong.

              harmonium call python '64548*15151'
              harmonium call python - --session notebook < cell.py
            """
    )

    @Argument(help: "The tool: python. The browser's are called with `harmonium browse`.")
    var tool: String

    @Argument(help: "What to run; - reads it from standard input.")
    var code: String

    @Option(name: .long, help: "The server to call.")
    var url = "http://localhost:8081"

    @Option(name: .long, help: "Keep the session's state under this name from call to call.")
    var session: String?

    @Flag(name: .long, help: "Run the tool in this process, without a server.")
    var local = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard tool == "python" else {
            throw ValidationError("\(tool) cannot be called: python can, and the browser with `harmonium browse`")
        }
    }

    func run() async throws {
        let source =
            code == "-" ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) : code
        let result = local ? try await callHere(source) : try await callServer(source)
        for case .image(let data, let mimeType) in result.content {
            Terminal.note("[\(mimeType), \(data.count) bytes, not shown]")
        }
        if result.isError { throw ExitCode(1) }
    }

    private func callServer(_ source: String) async throws -> ToolResult {
        let client = ToolClient(server: url)
        do {
            let arguments: JSONObject = ["code": .string(source)]
            return try await client.call(tool, of: tool, arguments: arguments, session: session, output: Terminal.write)
        } catch let error as ToolClientError {
            Terminal.note("harmonium: \(error.description)" + (error.isMissing ? ", or use --local" : ""))
            throw ExitCode(1)
        }
    }

    private func callHere(_ source: String) async throws -> ToolResult {
        let (settings, installation) = try await common.prepare(options: ["python.pool": "0"])
        let encoding = try installation.encoding()
        let service = try PythonService(settings: settings, installation: installation, encoding: encoding)
        let call = ToolCall(
            arguments: ["code": .string(source)],
            session: SessionKey(id: session ?? "call", endsWithConnection: true)
        )
        do {
            return try await service.withWorker {
                let result = try await service.namespace.tools[0].call(call) { output in Terminal.write(output.text) }
                Terminal.write("\n")
                return result
            }
        } catch let error as WorkerError {
            Terminal.note("harmonium: \(error.description)")
            throw ExitCode(1)
        }
    }
}
