import Foundation
import JSON
import MCP
import Synchronization
import TestSupport
import Tokenizer

@testable import Responses

/// A recorded stream that is right, and what a model and a tool have to do for it to come again.
struct Exemplar: Sendable {
    /// The events, in order.
    let events: [JSONValue]
    /// What the model samples, turn by turn, as ids.
    private(set) var turns: [[UInt32]] = []
    /// What the tools write, call by call, in pieces.
    private(set) var outputs: [[String]] = []
    /// How much is sampled, where the stream ends in the middle.
    private(set) var tokensMax: Int?

    private let encoding: Encoding

    init(_ file: URL, _ encoding: Encoding) throws {
        self.encoding = encoding
        var data = EventData(lineBytesMax: 1 << 20)
        events = try (data.take(Array(Data(contentsOf: file))) ?? []).map { try JSONValue(parsing: $0) }
        var turn = ""
        for item in output { read(item, &turn) }
        if !turn.isEmpty { turns.append(encoding.encodeWithSpecialTokens(turn)) }
    }

    /// The names of what there is, without their folder.
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".sse") }.sorted()

    static let folder = Goldens.shared.appending(path: "goldens/responses")

    private var response: JSONValue { events.last?["response"] ?? [:] }
    private var output: [JSONValue] { response["output"]?.array ?? [] }

    /// The request that the response says it answers.
    var request: JSONValue {
        var request: JSONObject = ["input": "Go.", "stream": true]
        for name in ["tools", "parallel_tool_calls", "store", "reasoning", "temperature", "top_p"] {
            request[name] = response[name]
        }
        if let tokensMax { request["max_output_tokens"] = .integer(tokensMax) }
        // The stream shows what was printed.
        request["include"] = ["code_interpreter_call.outputs"]
        return .object(request)
    }

    /// The tools, as the stream lists them, or as much of them as the calls need.
    var namespaces: [any ToolNamespace] {
        let listed = output.first { $0["type"] == "mcp_list_tools" }?["tools"]?.array ?? []
        let described = listed.map { ($0["name"]?.string ?? "", $0["description"]?.string ?? "", $0["input_schema"]) }
        let script = Script(outputs)
        return [("python", "python"), ("browser", "search"), ("container", "exec")].map { namespace, tool in
            let own = described.filter { $0.0 == tool }
            return ScriptedNamespace(
                name: namespace,
                tools: (own.isEmpty ? [(tool, "", nil)] : own).map { name, description, schema in
                    ScriptedTool(
                        description: ToolDescription(
                            name: name,
                            description: description,
                            inputSchema: schema ?? ["type": "object"],
                            isHiddenFromPrompt: name == "python",
                            textArgument: name == "python" ? "code" : nil
                        ),
                        script: script
                    )
                }
            )
        }
    }
}

// From items to turns.
extension Exemplar {
    private mutating func read(_ item: JSONValue, _ turn: inout String) {
        let text = item["content"]?.array?.first?["text"]?.string ?? ""
        switch item["type"]?.string {
        case "reasoning": write("<|channel|>analysis<|message|>\(text)<|end|>", &turn)
        case "message":
            let isLast = item == output.last
            write(
                isLast
                    ? "<|channel|>final<|message|>\(text)<|return|>" : "<|channel|>commentary<|message|>\(text)<|end|>",
                &turn
            )
        default: readCall(item, &turn)
        }
    }

    private mutating func readCall(_ item: JSONValue, _ turn: inout String) {
        switch item["type"]?.string {
        case "mcp_call":
            let name = item["name"]?.string ?? ""
            let arguments = item["arguments"]?.string ?? ""
            if name == "python" {
                // What is cut has the beginning of the object alone.
                let code = (try? JSONValue(parsing: arguments))?["code"]?.string ?? String(arguments.dropFirst(9))
                call("python", with: code, of: item, in: &turn)
            } else {
                call("browser.\(name)", with: arguments, of: item, in: &turn)
            }
            outputs.append([item["output"]?.string ?? ""])
        case "code_interpreter_call":
            call("python", with: item["code"]?.string ?? "", of: item, in: &turn)
            outputs.append([item["outputs"]?.array?.first?["logs"]?.string ?? ""])
        case "web_search_call":
            call(
                "browser.search",
                with: #"{"query":"\#(item["action"]?["query"]?.string ?? "")"}"#,
                of: item,
                in: &turn
            )
            outputs.append(["[0] x"])
        case "shell_call":
            let words = item["action"]?["commands"]?.array?.first?.string?.split(separator: " ").map(String.init) ?? []
            let arguments: JSONValue = ["cmd": .array(words.map { .string($0) })]
            call("container.exec", with: arguments.description, of: item, in: &turn)
            outputs.append(
                events.filter { $0["type"] == "response.shell_call_output_content.delta" }
                    .compactMap { $0["delta"]?["stdout"]?.string }
            )
        case "function_call":
            call("functions.\(item["name"]?.string ?? "")", with: item["arguments"]?.string ?? "", of: item, in: &turn)
        default: break
        }
    }

    private func write(_ message: String, _ turn: inout String) {
        turn += (turn.isEmpty ? "" : "<|start|>assistant") + message
    }

    private mutating func call(_ recipient: String, with text: String, of item: JSONValue, in turn: inout String) {
        let kind = recipient == "python" ? "analysis to=python code" : "commentary to=\(recipient) <|constrain|>json"
        write("<|channel|>\(kind)<|message|>\(text)", &turn)
        let ids = encoding.encodeWithSpecialTokens(turn)
        if item["status"] == "incomplete" { tokensMax = ids.count }
        turns.append(ids + [SpecialToken.call.id])
        turn = ""
    }
}

/// What tools write, whichever is called.
private final class Script: Sendable {
    private let outputs: Mutex<ArraySlice<[String]>>

    init(_ outputs: [[String]]) { self.outputs = Mutex(outputs[...]) }

    func next() -> [String] { outputs.withLock { $0.popFirst() ?? [] } }
}

private struct ScriptedNamespace: ToolNamespace {
    let name: String
    let instructions = "A tool."
    let tools: [any Tool]
    func cleanUp(_ session: SessionKey) async {}
}

private struct ScriptedTool: Tool {
    let description: ToolDescription
    let script: Script

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        let pieces = script.next()
        if pieces.count > 1 { for piece in pieces { await output(ToolOutput(text: piece)) } }
        let text = pieces.joined()
        // A tool of ours never answers with nothing.
        return ToolResult(text: text.isEmpty ? "\n" : text)
    }
}
