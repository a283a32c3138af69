internal import Browsing
internal import JSON
internal import MCP
internal import Sessions

/// What citations lead to: the URL of each cursor that has one.
struct Citations: Equatable, Sendable {
    /// Of a long session, the newest are listed.
    static let cursorsMax = 200

    let citedURLs: [String]

    /// `{"0": "https://example.com/"}`
    var json: JSONValue {
        let cited = citedURLs.enumerated().filter { !$0.element.isEmpty }.suffix(Self.cursorsMax)
        return .object(JSONObject(cited.map { JSONObject.Member("\($0.offset)", .string($0.element)) }))
    }
}

/// The same for those who did not keep the results: a resource of each session that has pages.
struct CitationResources: ResourceStore {
    static let uri = CitationResolver.resourceURI

    let sessions: SessionRegistry<BrowserState>

    func resources(of session: SessionKey) async throws(ResourceError) -> [Resource] {
        guard let content = await content(of: session) else { return [] }
        let bytes = UInt64(content.count)
        return [Resource(uri: Self.uri, name: "citations.json", bytes: bytes, mimeType: Self.uri.mimeType)]
    }

    func read(_ uri: String, of session: SessionKey, bytesMax: Int) async throws(ResourceError) -> [UInt8] {
        guard uri == Self.uri else { throw ResourceError("The one resource here is \(Self.uri).") }
        guard let content = await content(of: session) else {
            throw ResourceError("This session has no pages: it has not begun, or has ended.")
        }
        guard content.count <= bytesMax else { throw ResourceError("The URLs have more than \(bytesMax) bytes.") }
        return content
    }

    private func content(of session: SessionKey) async -> [UInt8]? {
        await sessions.currentState(of: session.session)?.citations.json.encoded()
    }
}
