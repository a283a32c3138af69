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
