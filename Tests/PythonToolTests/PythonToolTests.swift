import JSON
import MCP
import PythonProtocol
import Sandbox
import Sessions
import Synchronization
import TestSupport
import Testing

@testable import PythonTool

/// The tool over sessions that do what the test says.
@Suite(.bounded) struct PythonToolTests {
    @Test(arguments: [
        ("1 + 1", "1 + 1"), (#"{"code": "1 + 1"}"#, "1 + 1"), (" {\"code\": \"a\"}\n", "a"),
        (#"{"code": 1}"#, #"{"code": 1}"#), (#"{"code": "a", "b": 1}"#, #"{"code": "a", "b": 1}"#),
        (#"{"a": 1}"#, #"{"a": 1}"#), ("{1, 2}", "{1, 2}"), ("", ""),
    ])
    func `the session gets the code, also out of arguments that were taken for it`(
        written: String,
        source: String
    ) async throws {
        let sessions = FakeSessions()
        let result = try await sessions.tool.call(call(["code": .string(written)])) { _ in }
        #expect(sessions.sources == [source])
        #expect(result.text.hasPrefix("[no output"))
    }

    @Test(arguments: [[:], ["code": 1], ["code": .null], ["source": "1"]] as [JSONObject])
    func `a call without code runs nothing, and says what it lacks`(arguments: JSONObject) async throws {
        let sessions = FakeSessions()
        let result = try await sessions.tool.call(call(arguments)) { _ in }
        #expect(result.isError)
        #expect(result.text.contains("\"code\": a string"))
        #expect(sessions.sources.isEmpty)
    }

    @Test func `output comes while the cell runs, and is the result`() async throws {
        let sessions = FakeSessions { handler in
            await handler(.output(Array("a\n".utf8)))
            await handler(.output(Array("b\n".utf8)))
            return Outcome(end: .raised, stop: nil, microseconds: 1)
        }
        let shown = Mutex("")
        let result = try await sessions.tool.call(call(["code": "x"])) { output in shown.withLock { $0 += output.text }
        }
        #expect(result.text == "a\nb")
        #expect(shown.withLock(\.self) == "a\nb")
        #expect(result.isError)
    }

    @Test(arguments: [
        (SessionError.Code.unavailable, "Try again in a few seconds."), (.tooManySessions, "Try again later."),
        (.tooManyWaiting, "Wait for their results first."), (.noPlaceInTime, "Nothing of it was run; try again later."),
        (.lost, "Run the code again from the beginning."), (.ended, "while the cell ran or waited."),
        (.networkNotOffered, "Leave out the header x-session-network"), (.networkDiffers, "keeps it until it ends."),
        (.callTooLong, "Split it into smaller cells."),
    ])
    func `a cell that could not run is a result that says what to do`(code: SessionError.Code, words: String)
        async throws
    {
        let sessions = FakeSessions { handler in
            await handler(.output(Array("begun\n".utf8)))
            throw SessionError(code)
        }
        let result = try await sessions.tool.call(call(["code": "x"])) { _ in }
        #expect(result.isError)
        #expect(result.text.hasPrefix("begun\n["))
        #expect(result.text.contains(words))
        #expect(result.meta.isEmpty)
    }

    @Test func `cancelling is not a result`() async {
        let sessions = FakeSessions { _ in throw CancellationError() }
        await #expect(throws: CancellationError.self) { try await sessions.tool.call(call(["code": "x"])) { _ in } }
    }

    private func call(_ arguments: JSONObject) -> ToolCall {
        ToolCall(arguments: arguments, session: SessionKey(id: "a", endsWithConnection: false))
    }
}

/// Sessions whose cells do what a closure does.
private final class FakeSessions: Sendable {
    typealias Cell = @Sendable (@Sendable (RunEvent) async -> Void) async throws -> Outcome

    private let asked = Mutex<[String]>([])
    private let cell: Cell

    init(cell: @escaping Cell = { _ in Outcome(end: .completed, stop: nil, microseconds: 1) }) { self.cell = cell }

    /// What was run.
    var sources: [String] { asked.withLock(\.self) }

    var tool: PythonTool {
        let settings = PythonTool.Settings(
            timeLimit: .seconds(1),
            shown: OutputBudget(tokensMax: 1000, encoding: nil),
            memoryBytes: 1 << 20
        )
        return PythonTool(settings: settings) { source, _, handler in
            self.asked.withLock { $0.append(String(decoding: source, as: UTF8.self)) }
            return try await self.cell(handler)
        }
    }
}
