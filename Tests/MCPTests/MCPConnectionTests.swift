import JSON
import MCP
import TestSupport
import Testing

@Suite(.bounded) struct MCPConnectionTests {
    private let connection = MCPConnection(requestsMax: 2)

    @Test func `a cancelled call ends without a result`() async throws {
        let started = Gate()
        let server = waitingServer(started)
        async let answers = server.answers(to: call(id: "1"), connection: connection)
        await started.wait()
        _ = try await server.answers(to: cancellation(of: "\"1\""), connection: connection)
        #expect(!connection.isIdle)
        _ = try await server.answers(to: cancellation(of: "1"), connection: connection)
        #expect(try await answers.isEmpty)
        #expect(connection.isIdle)
    }

    @Test func `a call can be cancelled before it is run`() async throws {
        let server = waitingServer(Gate())
        let context = MCPContext(session: SessionKey(id: "a", endsWithConnection: true), connection: connection)
        let message = try IncomingMessage(parsing: Array(call(id: "1").utf8))
        guard case .running(let request) = server.receive(message, in: context) else {
            Issue.record("not running")
            return
        }
        _ = try await server.answers(to: cancellation(of: "1"), connection: connection)
        await request.run { _ in Issue.record("answered") }
        #expect(connection.isIdle)
    }

    @Test func `closing cancels everything, and admits nothing more`() async throws {
        let started = Gate()
        let server = waitingServer(started)
        async let answers = server.answers(to: call(id: "1"), connection: connection)
        await started.wait()
        connection.close()
        #expect(try await answers.isEmpty)
        let refusal = try await server.answers(to: call(id: "2"), connection: connection)
        #expect(refusal.first?["result"]?["isError"] == true)
    }

    @Test func `one call too many has to wait, and everything else is answered`() async throws {
        let server = waitingServer(Gate())
        let context = MCPContext(session: SessionKey(id: "a", endsWithConnection: true), connection: connection)
        let message = try IncomingMessage(parsing: Array(call(id: "1").utf8))
        var running = (0..<2).map { _ in server.receive(message, in: context) }
        let refusal = try await server.answers(to: call(id: "9"), connection: connection)
        #expect(refusal.first?["id"] == 9)
        #expect(refusal.first?["result"]?["isError"] == true)
        let pong = try await server.answers(to: #"{"id":3,"method":"ping"}"#, connection: connection)
        #expect(pong.first?["result"] == [:])
        running.removeAll()
        #expect(connection.isIdle)
    }

    @Test func `cancelling the task cancels the call`() async throws {
        let started = Gate()
        let server = waitingServer(started)
        await withDiscardingTaskGroup { group in
            group.addTask { _ = try? await server.answers(to: call(id: "1"), connection: connection) }
            await started.wait()
            group.cancelAll()
        }
        #expect(connection.isIdle)
    }

    /// A server whose calls end only when they are cancelled.
    private func waitingServer(_ started: Gate) -> MCPServer {
        let namespace = FakeNamespace { _, _ in
            started.open()
            await Gate().wait()
            throw CancellationError()
        }
        return MCPServer(namespace: namespace, version: "0")
    }

    private func call(id: String) -> String {
        #"{"id":\#(id),"method":"tools/call","params":{"name":"python","_meta":{"progressToken":1}}}"#
    }

    private func cancellation(of id: String) -> String {
        #"{"method":"notifications/cancelled","params":{"requestId":\#(id)}}"#
    }
}
