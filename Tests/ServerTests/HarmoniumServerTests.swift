import AsyncHTTPClient
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Server
import TestSupport
import Testing

@Suite(.bounded) struct HarmoniumServerTests {
    @Test func `every address has the same port`() async throws {
        try await LiveServer.run(settings: { $0.hosts = ["127.0.0.1", "127.0.0.2"] }) { server in
            for host in ["127.0.0.1", "127.0.0.2"] {
                let request = HTTPClientRequest(url: "http://\(host):\(server.port)/healthz")
                let response = try await server.client.execute(request, timeout: .seconds(600))
                #expect(response.status.code == 200)
            }
        }
    }

    @Test func `an address that the machine does not have is left out`() async throws {
        // Reserved for documentation.
        try await LiveServer.run(settings: { $0.hosts = ["127.0.0.1", "192.0.2.1"] }) { server in
            let answer = try await server.get("/healthz")
            #expect(answer.status == 200)
        }
    }

    @Test func `the first address has to be there, and free`() async throws {
        await #expect(throws: (any Error).self) {
            try await LiveServer.run(settings: { $0.hosts = ["192.0.2.1"] }) { _ in }
        }
        try await LiveServer.run { server in
            await #expect(throws: (any Error).self) {
                try await LiveServer.run(settings: { $0.port = server.port }) { _ in }
            }
        }
    }

    @Test func `stopping lets a running call end, and then its stream`() async throws {
        let started = Gate()
        let goOn = Gate()
        let namespace = FakeNamespace { _, _ in
            started.open()
            await goOn.wait()
            return ToolResult(text: "ended")
        }
        try await LiveServer.run(namespace, settings: LiveServer.patient) { server in
            try await server.stream { events in
                _ = try await server.post(try await events.endpoint(), call(id: 1))
                await started.wait()
                await server.stop()
                goOn.open()
                let answer = try await events.message()
                #expect(answer["result"]?["content"]?.array?.first?["text"] == "ended")
                #expect(try await events.next() == nil)
            }
        }
    }

    @Test func `stopping ends a stream on which nothing runs`() async throws {
        try await LiveServer.run(settings: LiveServer.patient) { server in
            try await server.stream { events in
                _ = try await events.endpoint()
                await server.stop()
                #expect(try await events.next() == nil)
            }
        }
    }

    @Test func `stopping cancels what does not end in time`() async throws {
        let calls = EndlessCalls()
        try await LiveServer.run(calls.namespace, settings: { $0.drain = .milliseconds(100) }) { server in
            try await server.stream { events in
                _ = try await server.post(try await events.endpoint(), call(id: 1))
                _ = await calls.started.next()
                await server.stop()
                _ = await calls.cancelled.next()
            }
        }
    }
}
