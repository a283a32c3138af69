/// A revision of MCP that we speak.
public enum ProtocolVersion: String, Sendable, CaseIterable {
    /// HTTP with server-sent events.
    case november2024 = "2024-11-05"
    /// Streamable HTTP.
    case march2025 = "2025-03-26"
    /// Structured content, the version header.
    case june2025 = "2025-06-18"
    /// The last one with a handshake.
    case november2025 = "2025-11-25"
    /// No handshake and no sessions: every request says all about itself.
    case july2026 = "2026-07-28"

    /// Whether a connection starts with `initialize`, instead of every request standing alone.
    public var hasHandshake: Bool { self != .july2026 }

    /// The versions `initialize` may agree on, oldest first.
    static let handshakes = allCases.filter(\.hasHandshake)
    /// The versions without a handshake.
    static let stateless = allCases.filter { !$0.hasHandshake }

    /// What `initialize` answers to an offer: the same, or our latest for one we do not know.
    static func agreeing(on offer: String?) -> ProtocolVersion {
        offer.flatMap(ProtocolVersion.init(rawValue:)).flatMap { $0.hasHandshake ? $0 : nil } ?? .november2025
    }
}

/// The names we read and write in `_meta`.
enum MetaKey {
    static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
    static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
    static let serverInfo = "io.modelcontextprotocol/serverInfo"
    static let subscription = "io.modelcontextprotocol/subscriptionId"
    static let progressToken = "progressToken"
    static let isInPrompt = "include_in_prompt"
    static let stream = "dev.harmonium/stream"
    static let output = "dev.harmonium/output"
}
