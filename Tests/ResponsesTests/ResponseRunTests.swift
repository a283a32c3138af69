import Harmony
import JSON
import TestSupport
import Testing
import Tokenizer

@testable import Responses

/// Responses as clients see them, over a model that plays its turns.
@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct ResponseRunTests {
    private static let seed = [
        "<|channel|>analysis<|message|>We need to compute product. Use python.<|end|><|start|>assistant<|channel|>analysis"
            + " to=python code<|message|>64548*15151\n<|call|>",
        "<|channel|>analysis<|message|>Result is 977966748.<|end|><|start|>assistant<|channel|>final<|message|>It is"
            + " **977966748**.<|return|>",
    ]
    private static let python: JSONValue = [["type": "mcp", "server_label": "code_interpreter", "server_url": "x"]]
    private static let call: JSONValue = ["input": "Multiply 64548*15151.", "tools": python]

    @Test func `a call shows with its output, once the tool has run`() async throws {
        let answered = try await TestGateway(Self.seed).answer(Self.call)
        let types = answered.types.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        let reasoning = [
            "output_item.added", "content_part.added", "reasoning_text.delta", "reasoning_text.done",
            "content_part.done", "output_item.done",
        ]
        #expect(
            types == [
                "created", "in_progress", "output_item.added", "mcp_list_tools.in_progress",
                "mcp_list_tools.completed", "output_item.done",
            ] + reasoning + [
                "output_item.added", "mcp_call.in_progress", "mcp_call_arguments.delta", "mcp_call_arguments.done",
                "mcp_call.completed", "output_item.done",
            ] + reasoning + [
                "output_item.added", "content_part.added", "output_text.delta", "output_text.done",
                "content_part.done", "output_item.done", "completed",
            ]
        )
        #expect(
            answered.output.map { $0["type"] } == [
                "mcp_list_tools", "reasoning", "mcp_call", "reasoning", "message",
            ]
        )
        #expect(answered.output[2]["output"] == "977966748\n")
        #expect(answered.output[2]["arguments"] == #"{"code":"64548*15151\n"}"#)
        #expect(answered.text(of: "mcp_call_arguments") == #"{"code":"64548*15151\n"}"#)
        #expect(answered.output[4]["content"]?.array?.first?["text"] == "It is **977966748**.")
        #expect(answered.output[4]["phase"] == "final_answer")
    }

    @Test func `numbers, indexes and the final output follow from what was sent`() async throws {
        let answered = try await TestGateway(Self.seed).answer(Self.call)
        #expect(answered.events.map { $0.json["sequence_number"]?.integer } == Array(0..<answered.events.count))
        let added = answered.events.filter { $0.type == "response.output_item.added" }
        #expect(added.map { $0.json["output_index"]?.integer } == Array(0..<added.count))
        let done = answered.events.filter { $0.type == "response.output_item.done" }.compactMap { $0.json["item"] }
        #expect(done == answered.output)
        #expect(Set(done.compactMap { $0["id"]?.string }).count == done.count)
    }

    @Test func `each prompt is the one before, and what followed it`() async throws {
        let test = try TestGateway(Self.seed)
        let answered = try await test.answer(Self.call)
        let prompts = test.engine.prompts
        #expect(prompts.count == 2)
        #expect(prompts[1].starts(with: prompts[0]))
        let usage = try #require(answered.response["usage"])
        #expect(usage["input_tokens"]?.integer == prompts[0].count + prompts[1].count)
        #expect(usage["input_tokens_details"]?["input_tokens_per_turn"]?.array?.count == 2)
        let encoding = try Installed.encoding()
        let sampled = Self.seed.map { encoding.encodeWithSpecialTokens($0).count }
        #expect(usage["output_tokens"]?.integer == sampled.reduce(0, +))
        let words = ["We need to compute product. Use python.", "Result is 977966748."]
        #expect(
            usage["output_tokens_details"]?["reasoning_tokens"]?.integer
                == words.map { encoding.encode($0).count }.reduce(0, +)
        )
        // From the first prompt to the second: what was sampled, the tool's message, and `<|start|>assistant`.
        let toolMessage = prompts[1].count - prompts[0].count - sampled[0] - 2
        #expect(usage["output_tokens_details"]?["tool_output_tokens"]?.integer == toolMessage)
    }

    @Test func `code shows in the form that the request declared`() async throws {
        let answered = try await TestGateway(Self.seed).answer([
            "input": "Multiply.", "tools": [["type": "code_interpreter", "container": ["type": "auto"]]],
            "include": ["code_interpreter_call.outputs"],
        ])
        #expect(answered.output.map { $0["type"] } == ["reasoning", "code_interpreter_call", "reasoning", "message"])
        #expect(answered.output[1]["code"] == "64548*15151\n")
        #expect(answered.output[1]["outputs"] == [["type": "logs", "logs": "977966748\n"]])
        #expect(answered.output[1]["container_id"]?.string?.isEmpty == false)
        #expect(!answered.types.contains { $0.hasPrefix("mcp") })
    }

    @Test func `output of a shell comes while the command runs`() async throws {
        let answered = try await TestGateway([
            #"<|channel|>analysis to=container.exec <|constrain|>json<|message|>{"cmd":["bash","-lc","ls *"]}<|call|>"#,
            "<|channel|>final<|message|>Done.<|return|>",
        ]).answer(["input": "List.", "tools": [["type": "shell"]]])
        #expect(answered.output.map { $0["type"] } == ["shell_call", "shell_call_output", "message"])
        #expect(answered.output[0]["action"]?["commands"] == ["bash -lc 'ls *'"])
        let deltas = answered.events.filter { $0.type == "response.shell_call_output_content.delta" }
        #expect(deltas.compactMap { $0.json["delta"]?["stdout"]?.string } == ["a.txt\n", "b.txt\n"])
        let outcome: JSONValue = ["type": "exit", "exit_code": 3]
        #expect(answered.output[1]["output"]?.array?.first?["outcome"] == outcome)
        #expect(answered.output[0]["call_id"] == answered.output[1]["call_id"])
    }

    @Test func `a failed call says so, and the model goes on`() async throws {
        let answered = try await TestGateway([
            "<|channel|>analysis to=python code<|message|>raise<|call|>", "<|channel|>final<|message|>No.<|return|>",
        ]).answer(Self.call)
        #expect(answered.types.contains("mcp_call.failed"))
        #expect(answered.output[1]["status"] == "failed")
        #expect(answered.output[1]["output"] == .null)
        #expect(answered.output[1]["error"]?["content"]?.array?.first?["text"] == "It failed.")
        #expect(answered.response["status"] == "completed")
    }

    @Test func `a limit of tokens cuts a call, which does not run`() async throws {
        let answered = try await TestGateway(Self.seed).answer([
            "input": "Multiply.", "tools": Self.python, "max_output_tokens": 22,
        ])
        #expect(answered.events.last?.type == "response.incomplete")
        #expect(answered.response["incomplete_details"] == ["reason": "max_output_tokens"])
        #expect(answered.output.last?["status"] == "incomplete")
        #expect(answered.output.last?["type"] == "mcp_call")
        #expect(!answered.types.contains("mcp_call_arguments.done"))
        #expect(!answered.types.contains("mcp_call.completed"))
    }

    @Test func `after so many calls a tool says that the limit is reached`() async throws {
        let again = Self.seed[0]
        let test = try TestGateway([again, again, "<|channel|>final<|message|>Enough.<|return|>"])
        let answered = try await test.answer(["input": "Multiply.", "tools": Self.python, "max_tool_calls": 1])
        let calls = answered.output.filter { $0["type"] == "mcp_call" }
        #expect(calls.map { $0["status"] } == ["completed", "failed"])
        #expect(answered.response["status"] == "completed")
    }
}
