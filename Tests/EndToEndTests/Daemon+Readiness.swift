import AsyncHTTPClient
import JSON
import MCP
import NIOCore

extension Daemon {
    /// What `/readyz` shows.
    func readiness() async throws -> JSONValue {
        let response = try await http.execute(HTTPClientRequest(url: "\(base)/readyz"), timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 1 << 20)
        return try JSONValue(parsing: Array(body.readableBytesView))
    }

    /// The layers that confine sessions of `tool` which reach `network`, `on` or `off` first.
    func isolation(of tool: String = "python", network: String = "none") async throws -> [String] {
        try await readiness()["tools"]?[tool]?["isolation"]?[network]?.array?.compactMap(\.string) ?? []
    }

    /// How many sessions are open.
    func sessionCount() async throws -> Int? {
        try await readiness()["sessions"]?.integer
    }
}
