import JSON
import MCP
import TestSupport
import Testing

@Suite(.bounded) struct StatelessTests {
    private static let version = #""io.modelcontextprotocol/protocolVersion":"2026-07-28""#
    private static let capabilities = #""io.modelcontextprotocol/clientCapabilities":{}"#
    private let server = MCPServer(namespace: FakeNamespace(), version: "1.2")

    @Test func `discovery says what there is, and for how long`() async throws {
        let answer = try await answer("server/discover")
        #expect(answer["result"]?["supportedVersions"] == ["2026-07-28"])
        #expect(answer["result"]?["resultType"] == "complete")
        #expect(answer["result"]?["instructions"] == "Runs Python.")
        #expect((answer["result"]?["ttlMs"]?.integer ?? -1) >= 0)
        #expect(answer["result"]?["cacheScope"] == "public")
        let info = answer["result"]?["_meta"]?["io.modelcontextprotocol/serverInfo"]
        #expect(info == ["name": "python", "version": "1.2"])
    }

    @Test func `a call's result is complete`() async throws {
        let answer = try await answer("tools/call", parameters: #","name":"python""#)
        #expect(answer["result"]?["resultType"] == "complete")
        #expect(answer["result"]?["isError"] == false)
    }

    @Test(arguments: ["ping", "initialize", "logging/setLevel", "resources/subscribe"])
    func `what belongs to the handshake is unknown`(method: String) async throws {
        #expect(try await answer(method)["error"]?["code"] == -32601)
    }

    @Test(arguments: [
        ("{}", -32602), (#"{"_meta":{}}"#, -32602), ("{\"_meta\":{\(version)}}", -32602),
        ("{\"_meta\":{\(capabilities)}}", -32602), ("{\"_meta\":{\(version),\(capabilities)}}", nil),
        (#"{"_meta":{"io.modelcontextprotocol/protocolVersion":"1900-01-01"}}"#, -32022),
    ])
    func `every request says who it is from`(parameters: String, code: Int?) async throws {
        let text = #"{"id":1,"method":"tools/list","params":\#(parameters)}"#
        let answer = try #require(try await server.answers(to: text, version: .july2026).first)
        #expect(answer["error"]?["code"]?.integer == code)
        if code == -32022 { #expect(answer["error"]?["data"]?["supported"] == ["2026-07-28"]) }
    }

    @Test func `on a pipe each message says which protocol it speaks`() async throws {
        let stateless = #"{"id":1,"method":"tools/list","params":{"_meta":{\#(Self.version),\#(Self.capabilities)}}}"#
        let handshake = #"{"id":1,"method":"tools/list","params":{}}"#
        #expect(try await server.answers(to: stateless).first?["result"]?["resultType"] == "complete")
        #expect(try await server.answers(to: handshake).first?["result"]?["resultType"] == nil)
    }

    @Test func `a subscription is acknowledged, and ends when we say so`() async throws {
        let connection = MCPConnection()
        let (messages, arrive) = AsyncStream<OutgoingMessage>.makeStream()
        let meta = "{\(Self.version),\(Self.capabilities)}"
        let text = #"{"id":"s","method":"subscriptions/listen","params":{"_meta":\#(meta)}}"#
        let session = SessionKey(id: "a", endsWithConnection: true)
        let context = MCPContext(session: session, connection: connection, version: .july2026)
        async let response: Void = server.respond(to: Array(text.utf8), in: context) { arrive.yield($0) }
        var iterator = messages.makeAsyncIterator()
        let first = try JSONValue(parsing: try #require(await iterator.next()).bytes)
        #expect(first["method"] == "notifications/subscriptions/acknowledged")
        #expect(first["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == "s")
        connection.endSubscriptions()
        await response
        let last = try JSONValue(parsing: try #require(await iterator.next()).bytes)
        #expect(last["id"] == "s")
        #expect(last["result"]?["resultType"] == "complete")
    }

    private func answer(_ method: String, parameters: String = "") async throws -> JSONValue {
        let meta = #""_meta":{\#(Self.version),\#(Self.capabilities)}"#
        let text = #"{"id":1,"method":"\#(method)","params":{\#(meta)\#(parameters)}}"#
        return try #require(try await server.answers(to: text, version: .july2026).first)
    }
}
