internal import HTTPTypes

extension HTTPField.Name {
    static let clientSession = named("x-session-id")
    static let sessionNetwork = named("x-session-network")
    static let sessionImage = named("x-session-image")
    static let outputStream = named("x-harmonium-stream")
    static let responseProfile = named("x-harmonium-profile")
    static let mcpSession = named("Mcp-Session-Id")
    static let protocolVersion = named("MCP-Protocol-Version")
    static let mcpMethod = named("Mcp-Method")
    static let mcpName = named("Mcp-Name")
    static let host = named("Host")
    static let requestPrivateNetwork = named("Access-Control-Request-Private-Network")
    static let allowPrivateNetwork = named("Access-Control-Allow-Private-Network")
    static let forwardedPrefix = named("X-Forwarded-Prefix")
    static let accelBuffering = named("X-Accel-Buffering")

    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("not a header name: \(name)") }
        return name
    }
}
