import JSON
import TestSupport
import Testing

@testable import Responses

/// Which tools the model may call, whether it has to, and how many at a time.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct ToolChoiceTests {
    private static let tools: JSONValue = [
        ["type": "function", "name": "f"], ["type": "function", "name": "g"],
        ["type": "mcp", "server_label": "container", "server_url": "x"], ["type": "code_interpreter"],
    ]
    private static let answer = "<|channel|>final<|message|>Done.<|return|>"
    private static let call = " to=functions.f<|channel|>commentary <|constrain|>json<|message|>{}<|call|>"

    /// A choice, and how the model's turn begins with it.
    static let begun: [(choice: JSONValue, header: String)] = [
        ("auto", ""),
        ("required", "<|channel|>commentary to="),
        (["type": "function", "name": "f"], " to=functions.f<|channel|>commentary <|constrain|>json<|message|>"),
        (["type": "code_interpreter"], " to=python<|channel|>analysis code<|message|>"),
        (["type": "mcp", "server_label": "container"], "<|channel|>analysis to=container"),
        (
            ["type": "mcp", "server_label": "container", "name": "exec"],
            " to=container.exec<|channel|>analysis <|constrain|>json<|message|>"
        ),
        (
            [
                "type": "allowed_tools", "mode": "required",
                "tools": [["type": "function", "name": "f"], ["type": "function", "name": "g"]],
            ],
            "<|channel|>commentary to=functions"
        ),
        (["type": "allowed_tools", "mode": "auto", "tools": [["type": "function", "name": "f"]]], ""),
    ]

    @Test(arguments: begun.indices)
    func `what the model has to call is begun for it, as far as it is settled`(index: Int) async throws {
        let (choice, header) = Self.begun[index]
        let test = try TestGateway([Self.answer, Self.answer])
        _ = try await test.answer(["input": "Go.", "tools": Self.tools, "tool_choice": choice])
        #expect(try test.prompt(0).hasSuffix("<|end|><|start|>assistant\(header)"))
    }

    @Test func `the model picks among what it has to call`() async throws {
        let test = try TestGateway(["functions.g <|constrain|>json<|message|>{\"a\":1}<|call|>"])
        let answered = try await test.answer(["input": "Go.", "tools": Self.tools, "tool_choice": "required"])
        #expect(answered.output.map { $0["type"] } == ["mcp_list_tools", "function_call"])
        #expect(answered.output.last?["name"] == "g")
        #expect(answered.output.last?["arguments"] == #"{"a":1}"#)
    }

    @Test func `a choice among allowed tools hides the others`() async throws {
        let choice: JSONValue = [
            "type": "allowed_tools", "mode": "auto", "tools": [["type": "function", "name": "g"]],
        ]
        let test = try TestGateway(["<|channel|>commentary" + Self.call, Self.answer])
        let answered = try await test.answer(["input": "Go.", "tools": Self.tools, "tool_choice": choice])
        #expect(try !test.prompt(0).contains("type f ") && test.prompt(0).contains("type g "))
        #expect(answered.output.map { $0["type"] } == ["message"])
        #expect(try test.prompt(1).contains("There is no tool `functions.f`. The tools are: `functions.g`."))
        // The echo is what the client sent.
        #expect(answered.response["tools"]?.array?.count == 4)
    }

    @Test(
        arguments: [
            ["type": "function", "name": "h"], ["type": "web_search"], ["type": "mcp", "server_label": "other"],
            ["type": "allowed_tools", "mode": "auto", "tools": [["type": "custom", "name": "f"]]], "always",
        ] as [JSONValue]
    )
    func `a choice of what is not declared is refused`(choice: JSONValue) throws {
        let error = #expect(throws: ResponseError.self) {
            try ResponseRequest(
                ["input": "x", "tools": Self.tools, "tool_choice": choice],
                served: ["python", "container"]
            )
        }
        #expect(error?.parameter == "tool_choice")
    }

    private static let twoCalls =
        "<|channel|>analysis to=python code<|message|>1<|end|><|start|>assistant<|channel|>analysis to=python "
        + "code<|message|>2<|call|>"

    @Test(arguments: [(true, 2), (false, 1)])
    func `as many calls of a turn run as the request wants`(isParallel: Bool, count: Int) async throws {
        let test = try TestGateway([Self.twoCalls, Self.answer])
        let answered = try await test.answer([
            "input": "Go.", "tools": Self.tools, "parallel_tool_calls": .bool(isParallel),
        ])
        #expect(answered.output.count { $0["type"] == "code_interpreter_call" } == count)
        #expect(answered.response["parallel_tool_calls"] == .bool(isParallel))
        // The second call is not in the prompt either.
        #expect(try test.prompt(1).contains("<|message|>2<|call|>") == isParallel)
    }
}
