internal import JSON

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
    /// The MIME type, by the suffix of the name.
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
    /// What went wrong, as a sentence for the people who wrote the client.
    public let sentence: String
    /// Whether asking again can help; else the request was wrong.
    public let isTransient: Bool

    /// A refusal with its reason.
    public init(_ sentence: String, isTransient: Bool = false) {
        self.sentence = sentence
        self.isTransient = isTransient
    }
}

/// A request for what a session has: `resources/list` or `resources/read`.
struct ResourceRequest: Sendable {
    enum Kind: Sendable {
        case list
        case read(uri: String)
    }

    /// In base64 and with its frame this is just under what one message may have.
    static let bytesMax = 750_000

    let kind: Kind
    let store: any ResourceStore
    let session: SessionKey
    /// Whether results say for how long they hold.
    let isStateless: Bool

    /// Carries it out, and makes the message that answers the request `id`.
    func answer(to id: RequestID, serverInfo: JSONValue?) async -> OutgoingMessage {
        do throws(ResourceError) {
            var result = try await result()
            if isStateless { result = result.merging(["ttlMs": 0, "cacheScope": "private"]) }
            let answer = OutgoingMessage.result(result, to: id, serverInfo: serverInfo)
            guard answer.bytes.count <= OutgoingMessage.bytesMax else { throw ResourceRequest.tooLarge }
            return answer
        } catch {
            let code: ProtocolError.Code = error.isTransient ? .internalError : .invalidParameters
            return .failure(ProtocolError(code, error.sentence), to: id)
        }
    }

    private func result() async throws(ResourceError) -> JSONObject {
        switch kind {
        case .list:
            return ["resources": .array(try await store.resources(of: session).map(\.json))]
        case .read(let uri):
            let bytes = try await store.read(uri, of: session, bytesMax: ResourceRequest.bytesMax)
            var contents: JSONObject = ["uri": .string(uri), "mimeType": .string(uri.mimeType)]
            if let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) {
                contents["text"] = .string(text)
            } else {
                contents["blob"] = .string(String(base64: bytes))
            }
            return ["contents": [.object(contents)]]
        }
    }

    private static let tooLarge = ResourceError(
        "There is too much of it for one message. Fetch it by HTTP, from /v1/sessions/{session}/files."
    )
}

extension Resource {
    fileprivate var json: JSONValue {
        [
            "uri": .string(uri), "name": .string(name), "size": .integer(Int(clamping: bytes)),
            "mimeType": .string(mimeType),
        ]
    }
}

extension String {
    /// The MIME type of a file with this name, by what comes after its last dot.
    public var mimeType: String {
        let suffix = split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        return switch suffix {
        case "txt", "log", "py": "text/plain"
        case "csv": "text/csv"
        case "md": "text/markdown"
        case "html", "htm": "text/html"
        case "json", "ipynb": "application/json"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "gif": "image/gif"
        case "svg": "image/svg+xml"
        case "pdf": "application/pdf"
        default: "application/octet-stream"
        }
    }
}
