import JSON
import TestSupport
import Testing

@testable import MCP

@Suite(.bounded) struct ProgressStreamTests {
    private static let call =
        #"{"id":1,"method":"tools/call","params":{"name":"python","_meta":{"progressToken":"t"}}}"#

    @Test(arguments: [["a"], ["a", "b", "c"], [String(repeating: "é\u{1}", count: 40_000), "", "end"]])
    func `pieces add up to the output, in order, before the result`(pieces: [String]) async throws {
        let messages = try await messages(of: Self.call, saying: pieces)
        let progress = messages.dropLast().map { $0["params"] ?? .null }
        #expect(progress.compactMap { $0["message"]?.string }.joined() == pieces.joined())
        #expect(progress.compactMap { $0["progress"]?.integer } == Array(1..<messages.count))
        #expect(progress.allSatisfy { $0["progressToken"] == "t" && $0["_meta"] == nil })
        let output: JSONValue = ["seq": .integer(messages.count), "exact": true]
        #expect(messages.last?["result"]?["_meta"]?["dev.harmonium/output"] == output)
    }

    @Test func `what the result shows beyond the pieces comes is streamed too`() async throws {
        let messages = try await messages(of: Self.call, saying: ["a"], then: " and the rest")
        let deltas = messages.dropLast().compactMap { $0["params"]?["message"]?.string }
        #expect(deltas.joined() == "a and the rest")
        #expect(messages.last?["result"]?["_meta"]?["dev.harmonium/output"]?["exact"] == true)
    }

    @Test func `a result that shows something else says so`() async throws {
        let namespace = FakeNamespace { _, output in
            await output(ToolOutput(text: "pieces"))
            return ToolResult(text: "something else")
        }
        let messages = try await MCPServer(namespace: namespace, version: "0").answers(to: Self.call)
        #expect(messages.dropLast().compactMap { $0["params"]?["message"]?.string } == ["pieces"])
        #expect(messages.last?["result"]?["_meta"]?["dev.harmonium/output"]?["exact"] == false)
    }

    @Test func `a client that did not ask gets no progress`() async throws {
        let text = #"{"id":1,"method":"tools/call","params":{"name":"python","_meta":{"progressToken":null}}}"#
        let messages = try await messages(of: text, saying: ["a"])
        #expect(messages.count == 1)
        #expect(messages.first?["result"]?["_meta"] == nil)
    }

    @Test func `details come when they are asked for, and no event is large`() async throws {
        let meta = #"{"progressToken":7,"dev.harmonium/stream":{}}"#
        let text = #"{"id":1,"method":"tools/call","params":{"name":"python","_meta":\#(meta)}}"#
        let messages = try await messages(of: text, saying: [String(repeating: "\u{1}", count: 100_000)])
        #expect(messages.count > 10)
        for message in messages.dropLast() {
            #expect(message.encoded().count < 65_536)
            let output = message["params"]?["_meta"]?["dev.harmonium/output"]
            #expect(output?["text"] == message["params"]?["message"])
            #expect(output?["seq"] == message["params"]?["progress"])
            #expect(message["params"]?["progressToken"] == 7)
        }
    }

    @Test func `a client that does not read never holds a tool up`() async throws {
        let finished = Gate()
        let reading = Gate()
        let namespace = FakeNamespace { _, output in
            for number in 0..<10_000 { await output(ToolOutput(text: "\(number)\n")) }
            finished.open()
            return ToolResult(text: (0..<10_000).map { "\($0)\n" }.joined())
        }
        let sent = Recorder<OutgoingMessage>()
        let server = MCPServer(namespace: namespace, version: "0")
        let context = MCPContext(session: SessionKey(id: "a", endsWithConnection: true), connection: MCPConnection())
        async let response: Void = server.respond(to: Array(Self.call.utf8), in: context) { message in
            await reading.wait()
            sent.append(message)
        }
        await finished.wait()
        #expect(sent.all.isEmpty)
        reading.open()
        await response
        let messages = try sent.all.map { try JSONValue(parsing: $0.bytes) }
        let text = messages.compactMap { $0["params"]?["message"]?.string }.joined()
        #expect(text == (0..<10_000).map { "\($0)\n" }.joined())
        #expect(messages.count < 100)
    }

    @Test func `the first piece does not wait for the second`() async throws {
        let seen = Gate()
        let namespace = FakeNamespace { _, output in
            await output(ToolOutput(text: "first"))
            await seen.wait()
            return ToolResult(text: "done")
        }
        let server = MCPServer(namespace: namespace, version: "0")
        let context = MCPContext(session: SessionKey(id: "a", endsWithConnection: true), connection: MCPConnection())
        let sent = Recorder<OutgoingMessage>()
        await server.respond(to: Array(Self.call.utf8), in: context) { message in
            sent.append(message)
            seen.open()
        }
        let messages = try sent.all.map { try JSONValue(parsing: $0.bytes) }
        #expect(messages.map { $0["params"]?["message"]?.string } == ["first", nil])
        #expect(messages.last?["result"] != nil)
    }

    @Test func `a piece that came during a pause is sent after it`() async throws {
        let second = Gate()
        let namespace = FakeNamespace { _, output in
            await output(ToolOutput(text: "first"))
            await output(ToolOutput(text: " and second"))
            await second.wait()
            return ToolResult(text: "done")
        }
        let sent = Recorder<OutgoingMessage>()
        let server = MCPServer(namespace: namespace, version: "0")
        let context = MCPContext(session: SessionKey(id: "a", endsWithConnection: true), connection: MCPConnection())
        await server.respond(to: Array(Self.call.utf8), in: context) { message in
            sent.append(message)
            let all = sent.all.map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            if all.contains("second") { second.open() }
        }
        let messages = try sent.all.map { try JSONValue(parsing: $0.bytes) }
        #expect(messages.compactMap { $0["params"]?["message"]?.string }.joined() == "first and second")
        #expect(messages.last?["result"] != nil)
    }

    @Test(arguments: [("", 4, []), ("abcd", 4, ["abcd"]), ("abcde", 4, ["abcd", "e"]), ("aéé", 4, ["aé", "é"])])
    func `text is cut between characters`(text: String, bytesMax: Int, pieces: [Substring]) {
        #expect(text.pieces(of: bytesMax) == pieces)
    }

    private func messages(of call: String, saying pieces: [String], then rest: String = "") async throws -> [JSONValue]
    {
        let namespace = FakeNamespace { _, output in
            for piece in pieces { await output(ToolOutput(text: piece)) }
            return ToolResult(text: pieces.joined() + rest)
        }
        return try await MCPServer(namespace: namespace, version: "0").answers(to: call)
    }
}
