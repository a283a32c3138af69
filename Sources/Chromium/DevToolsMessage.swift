internal import JSON

// The parts that are used of the Chrome DevTools Protocol, version 1.3: chromedevtools.github.io/devtools-protocol.

extension JSONLimits {
    /// For what Chromium says: a snapshot has some ten values for each node of a page.
    static let devTools = JSONLimits(valuesMax: 4_000_000)
}

/// Something that happened in a session.
struct DevToolsEvent: Sendable {
    let method: String
    let parameters: JSONValue
}

enum Fetch {
    /// A request of the page's that waits for its answer (`Fetch.requestPaused`).
    struct Paused: Sendable {
        let id: String
        let frameID: String
        let resourceType: String
        let url: String
        let method: String
        let headers: [(name: String, value: String)]
        let body: [UInt8]

        /// Reads the parameters of the event; nil for anything else.
        init?(_ parameters: JSONValue) {
            guard let id = parameters["requestId"]?.string, let frameID = parameters["frameId"]?.string,
                let resourceType = parameters["resourceType"]?.string, let request = parameters["request"],
                let url = request["url"]?.string, let method = request["method"]?.string,
                let headers = request["headers"]?.object
            else { return nil }
            self.id = id
            self.frameID = frameID
            self.resourceType = resourceType
            self.url = url
            self.method = method
            self.headers = headers.compactMap { member in member.value.string.map { (member.name, $0) } }
            let parts = request["postDataEntries"]?.array ?? []
            body = parts.compactMap { $0["bytes"]?.string }.flatMap { [UInt8](base64: $0) ?? [] }
        }

        /// The parameters that answer the request (`Fetch.fulfillRequest`).
        func fulfilled(status: Int, headers: [(name: String, value: String)], body: [UInt8]) -> JSONObject {
            [
                "requestId": .string(id), "responseCode": .integer(status),
                "responseHeaders": .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] }),
                "body": .string(String(base64: body)),
            ]
        }

        /// A whole answer of this type.
        func fulfilled(type: String, _ body: [UInt8]) -> JSONObject {
            fulfilled(status: 200, headers: [("Content-Type", type)], body: body)
        }

        /// The parameters that refuse the request (`Fetch.failRequest`).
        ///
        /// To `Aborted` a page that would go elsewhere stays where it is.
        var failed: JSONObject { ["requestId": .string(id), "errorReason": "Aborted"] }
    }
}
