import JSON
import TestSupport
import Testing

@testable import Responses

/// Tools that the client carries out, each in the form in which it was declared.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct ClientToolTests {
    private static let answer = "<|channel|>final<|message|>Done.<|return|>"

    private static func call(_ name: String, _ arguments: String) -> String {
        "<|channel|>commentary to=functions.\(name) <|constrain|>json<|message|>\(arguments)<|call|>"
    }

    /// One tool, with what the model writes, the item that shows, and the item that answers it.
    struct Form: Sendable {
        let tool: JSONValue
        let name: String
        let arguments: String
        let type: String
        let members: JSONObject
        let answer: JSONObject
        /// What the model reads of the answer.
        let read: String
    }

    static let forms = [
        Form(
            tool: ["type": "custom", "name": "note", "description": "Takes notes."],
            name: "note",
            arguments: #"{"input":"a \"b\"\nc"}"#,
            type: "custom_tool_call",
            members: ["name": "note", "input": "a \"b\"\nc"],
            answer: ["output": "noted"],
            read: "noted"
        ),
        Form(
            tool: ["type": "apply_patch"],
            name: "apply_patch",
            arguments: #"{"type":"update_file","path":"a.txt","diff":"@@\n-x\n+y"}"#,
            type: "apply_patch_call",
            members: ["operation": ["type": "update_file", "path": "a.txt", "diff": "@@\n-x\n+y"]],
            answer: ["status": "completed", "output": "a.txt is changed"],
            read: "a.txt is changed"
        ),
        Form(
            tool: ["type": "local_shell"],
            name: "local_shell",
            arguments: #"{"command":["ls","-l"],"timeout_ms":100}"#,
            type: "local_shell_call",
            members: [
                "action": [
                    "type": "exec", "command": ["ls", "-l"], "env": [:], "timeout_ms": 100, "user": .null,
                    "working_directory": .null,
                ]
            ],
            answer: ["output": "a.txt"],
            read: "a.txt"
        ),
        Form(
            tool: ["type": "shell", "environment": ["type": "local"]],
            name: "shell",
            arguments: #"{"commands":["ls","false"]}"#,
            type: "shell_call",
            members: [
                "action": ["commands": ["ls", "false"], "timeout_ms": .null, "max_output_length": .null],
                "environment": ["type": "local"],
            ],
            answer: [
                "output": [
                    ["stdout": "a.txt", "stderr": "", "outcome": ["type": "exit", "exit_code": 0]],
                    ["stdout": "", "stderr": "no", "outcome": ["type": "exit", "exit_code": 1]],
                ]
            ],
            read: "a.txt\nno\nexit code: 1"
        ),
    ]

    @Test(arguments: forms.indices)
    func `a call shows in the form that was declared, and its answer goes to the model`(index: Int) async throws {
        let form = Self.forms[index]
        let test = try TestGateway([Self.call(form.name, form.arguments), Self.answer])
        let first = try await test.answer(["input": "Go.", "tools": [form.tool]])
        let item = try #require(first.output.first?.object)
        #expect(item["type"] == .string(form.type))
        #expect(item["status"] == "completed")
        for member in form.members { #expect(item[member.name] == member.value, "\(member.name)") }
        #expect(first.events.filter { $0.type == "response.output_item.done" }.count == 1)

        let reply: JSONObject = ["type": .string("\(form.type)_output"), "call_id": item["call_id"] ?? .null]
        let output = JSONValue.object(reply.merging(form.answer))
        let second = try await test.answer([
            "input": [output], "previous_response_id": first.response["id"] ?? .null, "tools": [form.tool],
        ])
        #expect(second.output.last?["type"] == "message")
        #expect(
            try test.prompt(1).contains(
                "<|start|>functions.\(form.name) to=assistant<|channel|>commentary<|message|>\(form.read)<|end|>"
            )
        )

        // Without a stored response, the items say the same.
        let again = try await test.answer([
            "input": [["role": "user", "content": "Go."], .object(item), output], "tools": [form.tool],
        ])
        #expect(again.output.last?["type"] == "message")
        #expect(try test.prompt(2).contains("to=functions.\(form.name)<|channel|>commentary"))
    }

    @Test func `the input of a custom tool is text, also where the model leaves the object out`() async throws {
        let grammar: JSONValue = ["type": "grammar", "syntax": "lark", "definition": "start: WORD"]
        let tool: JSONValue = ["type": "custom", "name": "note", "format": grammar]
        let test = try TestGateway([Self.call("note", "just text")])
        let answered = try await test.answer(["input": "Go.", "tools": [tool]])
        #expect(
            answered.types.dropFirst(2).prefix(4) == [
                "output_item.added", "custom_tool_call_input.delta", "custom_tool_call_input.done", "output_item.done",
            ]
        )
        #expect(answered.text(of: "custom_tool_call_input") == "just text")
        #expect(try test.prompt(0).contains("// The input follows this grammar (lark):\n// start: WORD\ntype note = "))
    }

    @Test(arguments: [
        (#"{"type":"update_file","path":"a.txt"}"#, "`diff` is missing: write the change."),
        (#"{"type":"move","path":"a.txt"}"#, "`type` has to be create_file, update_file or delete_file."),
        ("*** Begin Patch", "The arguments have to be a JSON object"),
    ])
    func `a patch that cannot be read shows nowhere, and the model reads why`(
        arguments: String,
        sentence: String
    ) async throws {
        let test = try TestGateway([Self.call("apply_patch", arguments), Self.answer])
        let answered = try await test.answer(["input": "Go.", "tools": [["type": "apply_patch"]]])
        #expect(answered.output.map { $0["type"] } == ["message"])
        #expect(
            try test.prompt(1).contains(
                "<|start|>functions.apply_patch to=assistant<|channel|>commentary<|message|>\(sentence)"
            )
        )
    }

    @Test func `a tool that is declared twice is declared once`() async throws {
        let tool: JSONValue = ["type": "function", "name": "f", "description": "First."]
        let other: JSONValue = ["type": "custom", "name": "f", "description": "Second."]
        let test = try TestGateway([Self.call("f", "{}")])
        let answered = try await test.answer(["input": "Go.", "tools": [tool, other]])
        #expect(answered.output.map { $0["type"] } == ["function_call"])
        #expect(try !test.prompt(0).contains("Second."))
    }
}
