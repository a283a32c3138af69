import JSON
import TestSupport
import Testing
import Tokenizer

@testable import MCP

@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct OutputTokensTests {
    private static let pieces = ["tick 1\n", "ti", "ck 2", "\n\n  漢", "字 <|end|>", String(repeating: "=", count: 9000)]

    @Test(arguments: ["true", "\"base64\""])
    func `ids are those of the whole text, and the result sums them up`(wish: String) async throws {
        let encoding = try Installed.encoding()
        let messages = try await messages(wish: wish, encoding: encoding)
        let outputs = messages.dropLast().compactMap { $0["params"]?["_meta"]?["dev.harmonium/output"] }
        let ids = outputs.flatMap(Self.ids)
        #expect(ids == encoding.encode(Self.pieces.joined()))
        #expect(ids.allSatisfy { $0 < 199_998 })
        // Each says where its ids belong.
        #expect(
            outputs.compactMap { $0["offset"]?.integer }
                == outputs.indices.map { outputs[..<$0].flatMap(Self.ids).count }
        )
        #expect(outputs.allSatisfy { $0["encoding"] == "o200k_harmony" })
        let summary = try #require(messages.last?["result"]?["_meta"]?["dev.harmonium/output"])
        #expect(summary["token_count"]?.integer == ids.count)
        #expect(summary["token_sha256"]?.string?.count == 64)
    }

    @Test func `ids come while the tool runs, as far as they are certain`() async throws {
        let messages = try await messages(wish: "true", encoding: Installed.encoding())
        let first = try #require(messages.first?["params"]?["_meta"]?["dev.harmonium/output"])
        #expect(!Self.ids(first).isEmpty)
    }

    @Test(arguments: [(4, 50), (7, 200), (4000, 2000)])
    func `ids that the tool has counted are sent as they are, each within the text so far`(
        pieceBytes: Int,
        repeats: Int
    ) async throws {
        let encoding = try Installed.encoding()
        let text = String(repeating: "Of 漢字 and words. ", count: repeats)
        let namespace = FakeNamespace { _, output in
            var encoder = IncrementalEncoder(encoding)
            for piece in text.pieces(of: pieceBytes) {
                await output(ToolOutput(text: String(piece), ids: encoder.feed(piece.utf8.span)))
            }
            await output(ToolOutput(text: "", ids: encoder.finish()))
            return ToolResult(text: text)
        }
        let count = EncodingCount()
        let messages = try await EncodingCount.$current.withValue(count) {
            try await self.messages(of: namespace, wish: "true", encoding: encoding)
        }
        // The tool has encoded all of it, and nothing else did.
        #expect(count.bytes == text.utf8.count)
        let outputs = messages.dropLast().compactMap { $0["params"]?["_meta"]?["dev.harmonium/output"] }
        #expect(outputs.flatMap(Self.ids) == encoding.encode(text))
        var shown = ""
        var ids: [UInt32] = []
        for output in outputs {
            shown += output["text"]?.string ?? ""
            ids += Self.ids(output)
            #expect(shown.utf8.starts(with: try encoding.decode(ids)))
        }
        #expect(messages.last?["result"]?["_meta"]?["dev.harmonium/output"]?["token_count"]?.integer == ids.count)
    }

    @Test(arguments: ["false", "null", "\"hex\""])
    func `a client that does not ask for ids gets none`(wish: String) async throws {
        let messages = try await messages(wish: wish, encoding: Installed.encoding())
        #expect(messages.dropLast().allSatisfy { $0["params"]?["_meta"]?["dev.harmonium/output"]?["token_ids"] == nil })
        #expect(messages.last?["result"]?["_meta"]?["dev.harmonium/output"]?["token_count"] == nil)
    }

    @Test func `without a vocabulary there is text alone`() async throws {
        let messages = try await messages(wish: "true", encoding: nil)
        let text = messages.dropLast().compactMap { $0["params"]?["message"]?.string }.joined()
        #expect(text == Self.pieces.joined())
        #expect(messages.last?["result"]?["_meta"]?["dev.harmonium/output"]?["token_count"] == nil)
    }

    private func messages(wish: String, encoding: Encoding?) async throws -> [JSONValue] {
        let namespace = FakeNamespace { _, output in
            for piece in Self.pieces { await output(ToolOutput(text: piece)) }
            return ToolResult(text: Self.pieces.joined())
        }
        return try await messages(of: namespace, wish: wish, encoding: encoding)
    }

    private func messages(of namespace: FakeNamespace, wish: String, encoding: Encoding?) async throws -> [JSONValue] {
        let meta = #"{"progressToken":1,"dev.harmonium/stream":{"tokenIds":\#(wish)}}"#
        let call = #"{"id":1,"method":"tools/call","params":{"name":"python","_meta":\#(meta)}}"#
        return try await MCPServer(namespace: namespace, version: "0", encoding: encoding).answers(to: call)
    }

    private static func ids(_ output: JSONValue) -> [UInt32] {
        if let list = output["token_ids"]?.array { return list.compactMap { $0.integer.map(UInt32.init) } }
        let bytes = [UInt8](base64: output["token_ids_base64"]?.string ?? "") ?? []
        return stride(from: 0, to: bytes.count, by: 4).map { start in
            (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
        }
    }
}
