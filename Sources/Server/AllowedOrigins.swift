internal import HTTPTypes

/// The origins of web pages that may send requests, and the CORS headers that let their browsers do so.
struct AllowedOrigins: Sendable {
    /// How the machine calls itself.
    static let loopback: Set = ["localhost", "127.0.0.1", "[::1]"]

    private let named: Set<String>
    private let allowsLocal: Bool

    init(_ settings: ServerSettings) {
        named = Set(settings.allowedOrigins.map { $0.lowercased() })
        allowsLocal = settings.allowsLocalOrigins
    }

    /// Whether pages of `origin` may ask.
    func contains(_ origin: String) -> Bool {
        let origin = origin.lowercased()
        if named.contains("*") || named.contains(origin) { return true }
        guard allowsLocal, let scheme = origin.firstRange(of: "://") else { return false }
        return Self.loopback.contains(String(origin[scheme.upperBound...]).withoutPort)
    }

    /// What lets the pages of `origin`, which may ask, read an answer.
    static func headers(for origin: String) -> HTTPFields {
        [
            .accessControlAllowOrigin: origin,
            .accessControlExposeHeaders: exposed,
            .vary: "Origin",
        ]
    }

    /// The answer to a browser that asks whether a page may send what it wants to; nil if `headers` ask no such thing.
    static func preflight(_ headers: HTTPFields) -> HTTPFields? {
        guard headers[.accessControlRequestMethod] != nil else { return nil }
        var answer: HTTPFields = [
            .accessControlAllowMethods: "GET, HEAD, POST, PUT, DELETE",
            .accessControlAllowHeaders: allowed(for: headers[.accessControlRequestHeaders] ?? ""),
            .accessControlMaxAge: "600",
        ]
        // Chromium's question whether a page of a public site may ask a private address.
        if headers[.requestPrivateNetwork] == "true" { answer[.allowPrivateNetwork] = "true" }
        return answer
    }

    private static let known = [
        "accept", "authorization", "content-type", "last-event-id", "mcp-method", "mcp-name", "mcp-protocol-version",
        "mcp-session-id", "x-session-id", "x-session-network", "x-session-image",
    ]
    private static let exposed = "Mcp-Session-Id, MCP-Protocol-Version, Retry-After, WWW-Authenticate"

    /// The headers that are known, and of those that were asked for the ones whose names only begin like known ones.
    private static func allowed(for asked: String) -> String {
        let more = asked.split(separator: ",").map { $0.trimming(while: { $0 == " " }).lowercased() }
            .filter { name in ["x-harmonium-", "mcp-param-"].contains { name.hasPrefix($0) } }
        return (known + more).joined(separator: ", ")
    }
}

extension String {
    /// A host without its port.
    var withoutPort: String {
        guard let colon = lastIndex(of: ":"), !self[colon...].contains("]") else { return self }
        return String(self[..<colon])
    }
}

extension Substring {
    fileprivate func trimming(while isDropped: (Character) -> Bool) -> Substring {
        var rest = drop(while: isDropped)
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return rest
    }
}
