import AsyncHTTPClient
import Foundation
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// The faults of the protocol, of calls in Harmony and of clients that were found in the field.
    @Suite(.enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary"))
    struct MCPFieldTests {
        @Test(.timeLimit(.minutes(4)))
        func `clients of the field get what they should`() async throws {
            let shared = try FieldCase.shared("mcp")
            let cases = shared + MCPField.ids.subtracting(shared.map(\.id)).sorted().map(FieldCase.named)
            try await Daemon.run { daemon in
                let field = MCPField(daemon: daemon)
                var report = FieldReport(title: "mcp.jsonl")
                for found in cases { report.add(found, try await field.outcome(of: found.id)) }
                report.show()
            }
        }
    }
}

/// How the cases are tried.
private struct MCPField {
    let daemon: Daemon

    /// All that are tried here.
    static let ids = Set(HarmonyField.calls.keys).union(["CL02", "M01", "M03", "M24", "H71"])

    private static let elsewhere = [
        "M06": "state stays, and tools have names of their own, where a client does nothing for it",
        "M25": requests, "W01": requests, "W02": requests, "W03": requests, "W05": requests,
    ]

    private static let requests = "requests of the field come to what they should"

    private static let judged = [
        "CL05": "the proxy's own, whose setting is in docs/deployment.md",
        "M21": "nothing could read the answer, and the next call would wait for the cell",
        "W08": "the proxy's own, whose setting is in docs/deployment.md, as is that `stream` does without",
        "W09": "the proxy's own, whose setting is in docs/deployment.md",
    ]

    func outcome(of id: String) async throws -> FieldReport.Outcome {
        if let test = Self.elsewhere[id] { return .elsewhere(test) }
        if let reason = Self.judged[id] { return .judged(reason) }
        let wrong: String?
        switch id {
        case "CL02": wrong = try await tokens()
        case "M01": wrong = try await content()
        case "M03": wrong = try await names()
        case "M24": wrong = try await spelledNames()
        case "H71": wrong = try await echoed()
        default:
            guard let calls = HarmonyField.calls[id] else { return .wrong("no way to try it is known") }
            wrong = try await answers(to: calls)
        }
        return wrong.map { .wrong($0) } ?? .right
    }

    /// Token ids, asked for by a header.
    private func tokens() async throws -> String? {
        var call = Call(code: "print('tick', 1)", progressToken: 1)
        call.stream = "token-ids"
        for transport in Transport.allCases {
            let answer = try await daemon.call(call, over: transport)
            let outputs = answer.progress.compactMap { $0["_meta"]?["dev.harmonium/output"] }
            let ids = outputs.flatMap { $0["token_ids"]?.array ?? [] }
            let count = answer.result["_meta"]?["dev.harmonium/output"]?["token_count"]?.integer
            guard ids.count == count, !ids.isEmpty else { return "\(transport): \(outputs)" }
        }
        return nil
    }

    /// What a client shows a model: the structured content alone, where there is some.
    private func content() async throws -> String? {
        for transport in Transport.allCases {
            let result = try await daemon.call("print('the answer')", over: transport).result
            guard result["structuredContent"] == nil, result["content"]?.array?.first?["text"] == "the answer" else {
                return "\(transport): \(result)"
            }
        }
        let page = try await daemon.request(
            "tools/call",
            ["name": "find", "arguments": ["pattern": "x"]],
            of: "browser"
        )
        return page["structuredContent"] == nil ? nil : "\(page)"
    }

    private func names() async throws -> String? {
        var names: [String] = []
        for namespace in ["python", "browser"] {
            let tools = try await daemon.request("tools/list", [:], of: namespace)["tools"]?.array ?? []
            names += tools.compactMap { $0["name"]?.string }
        }
        return names == ["python", "search", "open", "find"] ? nil : "\(names)"
    }

    private func spelledNames() async throws -> String? {
        for name in ["python\n", " python", "python\t", "\r\npython json"] {
            let parameters: JSONObject = ["name": .string(name), "arguments": ["code": "6 * 7"]]
            let result = try await daemon.request("tools/call", parameters, of: "python")
            guard result["content"]?.array?.first?["text"] == "42" else { return "\(name.debugDescription): \(result)" }
        }
        return nil
    }

    private func echoed() async throws -> String? {
        let text = "<|channel|>analysis to=python code<|message|>1+1<|call|>\n"
        let parsed = try await Program.run(["parse", "--strict"], input: text)
        return parsed.exitCode == 0 ? nil : parsed.errors
    }

    private func answers(to calls: [HarmonyField.Call]) async throws -> String? {
        for call in calls {
            let answer = try await daemon.harmony(call.text, isLenient: call.isLenient)
            let contents = answer["messages"]?.array?.compactMap { $0["message"]?["content"]?.string } ?? []
            guard call.parts.allSatisfy({ part in contents.contains { $0.contains(part) } }) else {
                return "\(call.text)\n\(answer)"
            }
        }
        return nil
    }
}

extension Daemon {
    /// The result of a request that stands alone.
    fileprivate func request(
        _ method: String,
        _ parameters: JSONObject,
        of namespace: String
    ) async throws -> JSONValue {
        var request = HTTPClientRequest(url: "\(base)/\(namespace)/mcp")
        request.headers = [
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method,
        ]
        if let name = parameters["name"]?.string {
            // A header cannot hold white space at its ends.
            request.headers.add(name: "Mcp-Name", value: "=?base64?\(Data(name.utf8).base64EncodedString())?=")
        }
        var parameters = parameters
        parameters["_meta"] = .object(Call.statelessMeta)
        let message: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(parameters)]
        let answer = try await post(message, request)
        let text =
            answer.firstRange(of: "data: ").map { answer[$0.upperBound...].prefix { !$0.isNewline } } ?? answer[...]
        return try JSONValue(parsing: String(text))["result"] ?? .null
    }

    fileprivate func harmony(_ text: String, isLenient: Bool) async throws -> JSONValue {
        let body: JSONValue = ["text": .string(text), "lenient": .bool(isLenient)]
        return try JSONValue(parsing: Array(try await post(body, HTTPClientRequest(url: "\(base)/v1/harmony")).utf8))
    }

    private func post(_ body: JSONValue, _ request: HTTPClientRequest) async throws -> String {
        var request = request
        request.method = .POST
        request.body = .bytes(ByteBuffer(bytes: body.encoded()))
        let response = try await http.execute(request, timeout: .minutes(2))
        return String(buffer: try await response.body.collect(upTo: 1 << 24))
    }
}

/// The calls in Harmony that were found in the field, and more of their kinds.
private enum HarmonyField {
    struct Call {
        let text: String
        var isLenient = true
        /// What the tool's messages have to say.
        let parts: [String]
    }

    static let calls: [String: [Call]] = [
        "H26": [false, true].flatMap { isLenient in
            ["functions.python <|constrain|>json", "python <|constrain|>json", "python"].map { recipient in
                Call(
                    text: #"<|channel|>commentary to=\#(recipient)<|message|>{"code": "print(64548*15151)"}<|call|>"#,
                    isLenient: isLenient,
                    parts: ["977966748"]
                )
            }
        },
        "H29": [
            Call(
                text: "<|start|>bash to=python<|channel|>commentary<|message|>64548*15151<|call|>",
                parts: ["977966748"]
            )
        ],
        "H32": ["container.run_command", "repo_browser.open_file", "browser", "browser_search", "search"].map {
            recipient in
            Call(
                text: "<|channel|>commentary to=\(recipient)<|message|>{}<|call|>",
                parts: ["`python`", "`browser.search`", "`browser.open`", "`browser.find`", "`container.exec`"]
            )
        },
        "H43": [false, true].map { isLenient in
            Call(
                text: "<|channel|>analysis to=python code<|message|>64548*15151<|call|>"
                    + "<|start|>python to=assistant<|channel|>analysis<|message|>977204548<|end|>"
                    + "<|start|>assistant<|channel|>final<|message|>It is 977204548.<|return|>",
                isLenient: isLenient,
                parts: ["977966748"]
            )
        },
        "H66": [
            #"{"pattern":"x"}}"#, #"{"pattern":"x",}"#, "```json\n{\"pattern\":\"x\"}\n```",
            "{\"pattern\":\"x\"}\nI look for x.", "{\"pattern\":\"x\ny\"}", #""{\"pattern\":\"x\"}""#,
        ].map { arguments in
            Call(
                text: "<|channel|>commentary to=browser.find <|constrain|>json<|message|>\(arguments)<|call|>",
                parts: ["No pages to access!"]
            )
        },
        "H70": ["functions.python.python", "python.python", " python", "python\n", "python\t"].map { recipient in
            Call(
                text: "<|channel|>analysis to=\(recipient)<|message|>64548*15151<|call|>",
                parts: ["977966748"]
            )
        },
    ]
}
