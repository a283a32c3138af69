import JSON
import MCP
import PythonProtocol
import Sandbox
import SandboxProtocol
import Sessions
import Synchronization
import TestSupport
import Testing
import Tokenizer

@testable import PythonTool

@Suite(.bounded) struct CellOutputTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1]

    @Test func `events become text in order, then pictures, and facts for programs`() async throws {
        let picture = try #require(RichOutput(mimeType: "image/png", content: Self.png))
        let (result, shown) = await run([
            .stateLost(.session(.expired)), .backgroundOutput(Array("late\n".utf8), dropped: 3),
            .output(Array("1\n".utf8)),
            .rich(picture), .output(Array("2\n".utf8)),
        ])
        #expect(
            result.text == """
                [The session was closed after a long time without use: variables, imports and files of earlier cells are gone.]
                [output of earlier cells that went on, the end of it:]
                late
                [output of this cell:]
                1
                2
                """
        )
        #expect(shown == result.text)
        #expect(Array(result.content.dropFirst()) == [Content.image(data: Self.png, mimeType: "image/png")])
        #expect(!result.isError)
        let facts: JSONValue = ["durationMilliseconds": 1.5, "stateKept": true, "truncated": false]
        #expect(result.meta["dev.harmonium/run"] == facts)
    }

    @Test(arguments: [
        ("image/svg+xml", Array("<svg/>".utf8)), ("image/png", Array("not a picture".utf8)), ("image/jpeg", png),
    ])
    func `a picture that clients might not just draw is left out, and the model reads that`(
        mimeType: String,
        bytes: [UInt8]
    ) async throws {
        let (result, _) = await run([.rich(try #require(RichOutput(mimeType: mimeType, content: bytes)))])
        #expect(result.content.count == 1)
        #expect(result.text.contains("[a picture was left out: only PNG, JPEG, GIF and WebP can be shown]"))
    }

    @Test func `what is rich and not a picture shows nothing`() async throws {
        let html = try #require(RichOutput(mimeType: "text/html", content: Array("<b>".utf8)))
        let (result, _) = await run([.rich(html)])
        #expect(result.text.hasPrefix("[no output: end the cell"))
    }

    @Test(arguments: [
        (Outcome.End.completed, StopReason?.none, false), (.raised, nil, true), (.died(.outOfMemory), nil, true),
        (.completed, .timeLimit, true),
    ])
    func `a cell that did not end well is an error`(end: Outcome.End, stop: StopReason?, isError: Bool) async {
        let outcome = Outcome(end: end, stop: stop, microseconds: 1500)
        let (result, shown) = await run([.output(Array("x\n".utf8))], outcome)
        #expect(result.isError == isError)
        #expect(shown == result.text)
        #expect(result.text.hasPrefix("x"))
    }

    @Test func `a call that was not carried out says why, and has no facts`() async {
        let shown = Shown()
        let cell = CellOutput(OutputBudget(tokensMax: 100, encoding: nil), text: text) { shown.append($0) }
        let result = await cell.fail("The sandbox is not available.")
        #expect(result.text == "[The sandbox is not available.]")
        #expect(result.isError)
        #expect(result.meta.isEmpty)
        #expect(shown.text == result.text)
    }

    @Test func `a result is never empty`() async {
        let (result, shown) = await run([.output(Array("\n\n".utf8))])
        #expect(result.text == "\n\n[no visible output]")
        #expect(shown == result.text)
    }

    @Test(.enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
    func `the ids that come are those of the result, each encoded once`() async throws {
        let encoding = try Installed.encoding()
        let count = EncodingCount()
        let shown = Shown()
        let cell = CellOutput(OutputBudget(tokensMax: 1000, encoding: encoding), text: text) { shown.append($0) }
        let result = await EncodingCount.$current.withValue(count) {
            for line in 0..<100 { await cell.handle(.output(Array("line \(line), 漢字\n".utf8))) }
            return await cell.finish(Outcome(end: .completed, stop: .timeLimit, microseconds: 1))
        }
        #expect(shown.ids == encoding.encode(result.text))
        #expect(count.bytes == result.text.utf8.count)
    }

    private let text = OutcomeText(timeLimit: .seconds(1), memoryBytes: 1 << 20)

    /// The result of a cell with these events, and what was shown meanwhile.
    private func run(
        _ events: [RunEvent],
        _ outcome: Outcome = Outcome(end: .completed, stop: nil, microseconds: 1500)
    ) async -> (ToolResult, String) {
        let shown = Shown()
        let cell = CellOutput(OutputBudget(tokensMax: 1000, encoding: nil), text: text) { shown.append($0) }
        for event in events { await cell.handle(event) }
        return (await cell.finish(outcome), shown.text)
    }
}

/// Keeps what a call has shown.
private final class Shown: Sendable {
    private let outputs = Mutex<[ToolOutput]>([])

    var text: String { outputs.withLock { $0.map(\.text).joined() } }
    var ids: [UInt32] { outputs.withLock { $0.flatMap { $0.ids ?? [] } } }

    func append(_ output: ToolOutput) { outputs.withLock { $0.append(output) } }
}
