/// What sessions have for clients to read, such as files that a tool wrote.
public protocol ResourceStore: Sendable {
    /// What the session has now; nothing for one that is not there.
    func resources(of session: SessionKey) async throws(ResourceError) -> [Resource]

    /// All of one resource, of at most `bytesMax` bytes.
    func read(_ uri: String, of session: SessionKey, bytesMax: Int) async throws(ResourceError) -> [UInt8]
}

/// Something that a session has.
public struct Resource: Equatable, Sendable {
    /// What to read it by.
    public let uri: String
    /// A name for people.
    public let name: String
    /// The size in bytes.
    public let bytes: UInt64
    /// The MIME type as far as the name tells.
    public let mimeType: String

    /// A resource as it is listed.
    public init(uri: String, name: String, bytes: UInt64, mimeType: String) {
        self.uri = uri
        self.name = name
        self.bytes = bytes
        self.mimeType = mimeType
    }
}

/// A resource that could not be read, or a session that could not be looked into.
public struct ResourceError: Error, Equatable, Sendable {
    /// What went wrong, as a sentence for whoever wrote the client.
    public let sentence: String
    /// Whether asking again can help; else the request was wrong.
    public let isTransient: Bool

    /// A refusal with its reason.
    public init(_ sentence: String, isTransient: Bool = false) {
        self.sentence = sentence
        self.isTransient = isTransient
    }
}
