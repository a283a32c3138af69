import JSON
import TestSupport
import Testing

@testable import MCP

@Suite(.bounded) struct ToolResultFittingTests {
    private static let bytesMax = 1_048_576
    private static let megabyte = 1 << 20

    @Test(arguments: ["x", "\"", "\u{1}", "\u{2028}", "é", "👩‍💻", "\n"])
    func `one event stays under its limit, whatever the text`(unit: String) throws {
        let whole = "start " + String(repeating: unit, count: 3 * Self.megabyte / unit.utf8.count) + " end"
        let text = try text(of: ToolResult(text: whole), after: ProgressStream.End(notifications: 1, tokens: [:]))
        #expect(text.hasPrefix("start "))
        #expect(text.hasSuffix(" end"))
        #expect(text.contains("bytes were left out here"))
    }

    @Test func `what fits is left alone`() throws {
        let whole = String(repeating: "x", count: Self.megabyte - 8192)
        #expect(try text(of: ToolResult(text: whole)) == whole)
    }

    @Test func `images go before the text, from the last`() throws {
        let image = Content.image(data: [UInt8](repeating: 7, count: 400_000), mimeType: "image/png")
        let result = ToolResult(content: [.text("shown"), image, image, image])
        let fitting = result.fitting(bytesMax: Self.bytesMax)
        #expect(fitting.content.count == 2)
        #expect(fitting.content.last == image)
        #expect(fitting.text.hasPrefix("shown\n[2 of the images were left out"))
        #expect(!fitting.isExact)
        _ = try text(of: result)
    }

    @Test func `what is for programs goes when it is large`() throws {
        let large = JSONValue.string(String(repeating: "x", count: 2 * Self.megabyte))
        let result = ToolResult(content: [.text("shown")], meta: ["dev.harmonium/large": large])
        #expect(result.fitting(bytesMax: Self.bytesMax).meta.isEmpty)
        #expect(try text(of: result) == "shown")
    }

    @Test func `a result without text is a programmer's mistake`() async {
        await #expect(processExitsWith: .failure) { _ = ToolResult(content: []) }
        await #expect(processExitsWith: .failure) { _ = ToolResult(text: "") }
        await #expect(processExitsWith: .success) { _ = ToolResult(text: "x") }
    }

    /// The text of the message that goes out, which is checked for its size.
    private func text(of result: ToolResult, after progress: ProgressStream.End? = nil) throws -> String {
        let id = try #require(RequestID(1))
        let message = Call.message(result, after: progress, to: id, serverInfo: nil)
        #expect(message.bytes.count + 64 < Self.bytesMax)
        let value = try JSONValue(parsing: message.bytes)
        return try #require(value["result"]?["content"]?.array?.first?["text"]?.string)
    }
}
