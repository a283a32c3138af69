internal import JSON

/// A look at what a session has: `resources/list` or `resources/read`.
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
    func answer(to id: RequestID, in envelope: ResultEnvelope) async -> OutgoingMessage {
        do throws(ResourceError) {
            var result = try await result()
            if isStateless { result = result.merging(["ttlMs": 0, "cacheScope": "private"]) }
            let answer = OutgoingMessage.result(envelope.completing(result), to: id)
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
    /// The MIME type that the name of a file tells, by what comes after its last dot.
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
