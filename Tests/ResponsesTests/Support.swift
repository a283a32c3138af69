import AsyncHTTPClient
import JSON
import Logging
import MCP
import NIOCore
import NIOHTTP1
import Testing

@testable import Responses

/// So many ids, the same ones whenever.
func ids(_ count: Int) -> [UInt32] { (0..<UInt32(count)).map { $0 &* 2_654_435_761 % 199_998 } }

/// Lends a warm-up for the engine on a port.
func withWarmUp<Value>(
    _ port: Int,
    apiKey: String? = nil,
    _ settings: PrefixWarmUp.Settings = PrefixWarmUp.Settings(),
    body: (PrefixWarmUp) async throws -> Value
) async throws -> Value {
    let client = HTTPClient(configuration: PrefixWarmUp.clientConfiguration)
    let engine = EngineEndpoint(address: "http://127.0.0.1:\(port)/v1", model: "gpt-oss", apiKey: apiKey)
    do {
        let value = try await body(PrefixWarmUp(engine: engine, client: client, settings: settings))
        try await client.shutdown()
        return value
    } catch {
        try await client.shutdown()
        throw error
    }
}

/// Asks for what a turn is about: the completion of the whole prompt.
func complete(_ ids: [UInt32], of port: Int) async throws {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/completions")
    request.method = .POST
    let body: JSONValue = [
        "model": "gpt-oss", "prompt": .array(ids.map { .integer(Int($0)) }), "return_token_ids": true,
    ]
    request.body = .bytes(ByteBuffer(bytes: body.encoded()))
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
    #expect(response.status == .ok)
}

/// Runs `body` with a log of its own.
func logging<Value>(to log: Log, _ body: () async throws -> Value) async throws -> Value {
    try await withLogger(Logger(label: "test") { _ in log }) { _ in try await body() }
}

/// A log that is waited for.
struct Log: LogHandler {
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    let lines = Events<String>()

    var count: Int { lines.count }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.report("\(event.message) \(event.metadata ?? [:])") }
}

/// Expects that each prompt is a longer one than that before, which it begins with, and all but the last are whole blocks.
func expectGrowth(_ prompts: [[Int]], from start: Int) {
    var before: [Int] = []
    for prompt in prompts {
        #expect(prompt.count > before.count && prompt.starts(with: before))
        before = prompt
    }
    for (count, next) in zip([start / 16 * 16] + prompts.map(\.count), prompts.dropLast()) {
        #expect(next.count % 16 == 0 && next.count - count >= 256)
    }
}
