import AsyncHTTPClient
import Foundation
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    @Suite(.daemon()) struct HTTPTests {
        private let daemon: Daemon

        init() throws { daemon = try #require(Daemon.shared) }

        @Test(arguments: [
            "", "{", "nothing", "[]", "null", "17", "\u{0}\u{1}", #"{"jsonrpc":"2.0"}"#,
            #"{"jsonrpc":"2.0","id":1,"method":""#, #"{"id":{},"method":"ping","jsonrpc":"2.0"}"#,
            String(repeating: "[", count: 200_000),
        ])
        func `what is no message is refused with a reason`(body: String) async throws {
            let reply = try await send(.POST, "/python/mcp", body: Array(body.utf8))
            #expect(reply.status == .badRequest)
            let error = try JSONValue(parsing: Array(reply.body.utf8))["error"]
            #expect([-32700, -32600].contains(error?["code"]?.integer))
            #expect(error?["message"]?.string?.isEmpty == false)
            try await expectLife()
        }

        @Test func `bytes that are no text are refused with a reason`() async throws {
            let reply = try await send(.POST, "/python/mcp", body: [0xFF, 0xFE, 0x00, 0xC3, 0x28])
            #expect(reply.status == .badRequest)
            try await expectLife()
        }

        @Test func `a post that is no message leaves a legacy stream as it was`() async throws {
            var connection = try await LegacyConnection(daemon, session: nil)
            await #expect(throws: Refusal.self) { try await connection.post("no message") }
            try await connection.post(Call(code: "6 * 7").message(over: .legacy))
            #expect(try await Answer(from: &connection.events).text == "42")
        }

        @Test(arguments: [true, false])
        func `nine megabytes are refused with a sentence`(isLengthKnown: Bool) async throws {
            let body = Array(repeating: UInt8(ascii: "x"), count: 9 << 20)
            let reply = try await send(.POST, "/python/mcp", body: body, isLengthKnown: isLengthKnown)
            #expect(reply.status == .payloadTooLarge)
            #expect(reply.body.contains("at most 8388608 bytes"))
            try await expectLife()
        }

        @Test func `seven megabytes of code are a cell`() async throws {
            let code = "text = '\(String(repeating: "x", count: 7 << 20))'; len(text)"
            #expect(try await daemon.call(code).text == "\(7 << 20)")
        }

        @Test(arguments: ["/nothing", "/python", "/python/", "/python/mcp/more", "/python/%00", "/../etc/passwd"])
        func `an unknown path is not found, and the answer says what there is`(path: String) async throws {
            let reply = try await send(.GET, path)
            #expect(reply.status == .notFound)
            #expect(reply.body.contains("/python/sse"))
        }

        @Test(arguments: [
            (HTTPMethod.PUT, "/python/mcp", "POST"), (.GET, "/python/mcp", "POST"), (.POST, "/python/sse", "GET"),
            (.DELETE, "/python/sse", "GET"), (.GET, "/python/messages", "POST"), (.POST, "/healthz", "GET"),
        ])
        func `a method that is not possible is refused with those that are`(
            method: HTTPMethod,
            path: String,
            allowed: String
        ) async throws {
            let reply = try await send(method, path)
            #expect(reply.status == .methodNotAllowed)
            #expect(reply.headers.first(name: "Allow")?.contains(allowed) == true)
            #expect(reply.body.contains(allowed))
        }

        @Test func `an unknown method is refused`() async throws {
            let reply = try await send(.RAW(value: "BREW"), "/python/mcp")
            #expect((400..<500).contains(Int(reply.status.code)))
            try await expectLife()
        }

        @Test func `a post to a stream that is not open is not found`() async throws {
            let reply = try await send(.POST, "/python/messages/?session_id=none", body: Array("{}".utf8))
            #expect(reply.status == .notFound)
            #expect(reply.body.contains("GET /python/sse"))
        }

        @Test func `healthz says ok, and readyz what confines sessions`() async throws {
            let health = try await send(.GET, "/healthz")
            #expect(health.status == .ok && health.body == "ok")
            let ready = try await send(.GET, "/readyz")
            #expect(ready.status == .ok)
            let json = try JSONValue(parsing: Array(ready.body.utf8))
            #expect(json["ready"] == true)
            #expect(try await daemon.isolation().contains { $0.hasPrefix("on namespaces") })
        }

        @Test(arguments: [("Origin", "https://evil.example", 403), ("Host", "evil.example", 421)])
        func `other sites' pages are kept out`(name: String, value: String, status: Int) async throws {
            let reply = try await send(.GET, "/", headers: [name: value])
            #expect(Int(reply.status.code) == status)
            #expect(reply.body.contains("http.allowed-\(name.lowercased())s"))
        }

        private func expectLife() async throws {
            #expect(try await daemon.call("6 * 7").text == "42")
        }

        private func send(
            _ method: HTTPMethod,
            _ path: String,
            body: [UInt8]? = nil,
            isLengthKnown: Bool = true,
            headers: HTTPHeaders = [:]
        ) async throws -> (status: HTTPResponseStatus, headers: HTTPHeaders, body: String) {
            var request = HTTPClientRequest(url: daemon.base + path)
            request.method = method
            request.headers = headers
            if let body {
                request.headers.add(name: "Content-Type", value: "application/json")
                let length: HTTPClientRequest.Body.Length = isLengthKnown ? .known(Int64(body.count)) : .unknown
                request.body = .bytes(body, length: length)
            }
            let response = try await daemon.http.execute(request, timeout: .seconds(30))
            return (response.status, response.headers, String(buffer: try await response.body.collect(upTo: 1 << 20)))
        }
    }
}
