import JSON
import MCP
import TestSupport
import Testing

@Suite(.bounded) struct ResourceTests {
    private let server = MCPServer(
        namespace: FilesNamespace(files: [
            "a.csv": Array("x,y\n".utf8), "p.png": [0x89, 0x50, 0], "big.txt": [UInt8](repeating: 1, count: 700_000),
        ]),
        version: "1"
    )

    @Test func `who has resources says so, and lists them`() async throws {
        let begun = try await answer(to: #"{"id":1,"method":"initialize","params":{}}"#)
        #expect(begun["result"]?["capabilities"]?["resources"] == [:])
        let listed = try await answer(to: #"{"id":2,"method":"resources/list"}"#)
        #expect(
            listed["result"]?["resources"]?.array?.first
                == ["uri": "file:///a.csv", "name": "a.csv", "size": 4, "mimeType": "text/csv"]
        )
        let templates = try await answer(to: #"{"id":3,"method":"resources/templates/list"}"#)
        #expect(templates["result"] == ["resourceTemplates": []])
    }

    @Test func `text is read as text, and all else as base64`() async throws {
        let text = try await answer(to: #"{"id":1,"method":"resources/read","params":{"uri":"file:///a.csv"}}"#)
        #expect(
            text["result"]?["contents"] == [["uri": "file:///a.csv", "mimeType": "text/csv", "text": "x,y\n"]]
        )
        let image = try await answer(to: #"{"id":1,"method":"resources/read","params":{"uri":"file:///p.png"}}"#)
        #expect(
            image["result"]?["contents"] == [["uri": "file:///p.png", "mimeType": "image/png", "blob": "iVAA"]]
        )
    }

    @Test(arguments: [
        (#"{"uri":"file:///none"}"#, -32602, "no such"), (#"{}"#, -32602, "takes a string"),
        // 700 000 control characters are 4.2 MB of JSON.
        (#"{"uri":"file:///big.txt"}"#, -32602, "too much of it"),
    ])
    func `what cannot be read is refused with a sentence`(parameters: String, code: Int, part: String) async throws {
        let answer = try await answer(to: #"{"id":1,"method":"resources/read","params":\#(parameters)}"#)
        #expect(answer["error"]?["code"]?.integer == code)
        #expect(answer["error"]?["message"]?.string?.contains(part) == true)
    }

    @Test func `without a handshake results say how long they hold`() async throws {
        let meta = """
            {"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
            """
        let text = #"{"id":1,"method":"resources/list","params":{"_meta":\#(meta)}}"#
        let answer = try await server.answers(to: text, version: .july2026)[0]
        #expect(answer["result"]?["ttlMs"] == 0)
        #expect(answer["result"]?["cacheScope"] == "private")
    }

    private func answer(to text: String) async throws -> JSONValue {
        let answers = try await server.answers(to: text, version: .november2025)
        try #require(answers.count == 1)
        return answers[0]
    }
}

/// A namespace without tools of its own, whose sessions all have the same files.
private struct FilesNamespace: ToolNamespace, ResourceStore {
    let name = "python"
    let instructions = ""
    let tools: [any Tool] = []
    let files: [String: [UInt8]]

    var resources: (any ResourceStore)? { self }

    func cleanUp(_ session: SessionKey) async {}

    func resources(of session: SessionKey) async throws(ResourceError) -> [Resource] {
        files.keys.sorted().map { name in
            Resource(
                uri: "file:///\(name)",
                name: name,
                bytes: UInt64(files[name, default: []].count),
                mimeType: name.mimeType
            )
        }
    }

    func read(_ uri: String, of session: SessionKey, bytesMax: Int) async throws(ResourceError) -> [UInt8] {
        guard let bytes = files[String(uri.dropFirst(8))] else { throw ResourceError("There is no such resource.") }
        return bytes
    }
}
