internal import FoundationEssentials

// The parts that are used of the Chrome DevTools Protocol, version 1.3: chromedevtools.github.io/devtools-protocol.

/// A command, to a session or the browser itself.
struct DevToolsCommand<Parameters: Encodable>: Encodable {
    let id: Int
    let method: String
    let params: Parameters
    let sessionId: String?
}

/// What every message has: an answer its number, an event its method.
struct DevToolsEnvelope: Decodable {
    let id: Int?
    let method: String?
    let sessionId: String?
    let error: Failure?

    struct Failure: Decodable {
        let message: String
    }
}

struct DevToolsAnswer<Result: Decodable>: Decodable {
    let result: Result
}

struct DevToolsNotice<Parameters: Decodable>: Decodable {
    let params: Parameters
}

/// Something that happened in a session.
struct DevToolsEvent: Sendable {
    let method: String
    private let message: [UInt8]

    init(method: String, message: [UInt8]) {
        self.method = method
        self.message = message
    }

    /// What it says; nil if that cannot be read.
    func parameters<Parameters: Decodable>(_ type: Parameters.Type) -> Parameters? {
        try? JSONDecoder().decode(DevToolsNotice<Parameters>.self, from: Data(message)).params
    }
}

/// No parameters, or none that matter.
struct Nothing: Codable, Sendable {}

enum Target {
    struct Context: Codable, Sendable { let browserContextId: String }
    struct Create: Encodable, Sendable {
        let url: String
        let browserContextId: String
    }
    struct Created: Decodable, Sendable { let targetId: String }
    struct Attach: Encodable, Sendable {
        let targetId: String
        let flatten = true
    }
    struct Attached: Decodable, Sendable { let sessionId: String }
}

enum Downloads {
    struct Deny: Encodable, Sendable {
        let behavior = "deny"
        let browserContextId: String
    }
}

enum Fetch {
    struct Enable: Encodable, Sendable {
        struct Pattern: Encodable, Sendable { let urlPattern = "*" }
        let patterns = [Pattern()]
    }

    struct Paused: Decodable, Sendable {
        struct Request: Decodable, Sendable {
            struct Entry: Decodable, Sendable { let bytes: Data? }
            let url: String
            let method: String
            let headers: [String: String]
            let postDataEntries: [Entry]?
        }
        let requestId: String
        let frameId: String
        let resourceType: String
        let request: Request
    }

    struct Header: Encodable, Sendable {
        let name: String
        let value: String
    }
    struct Fulfill: Encodable, Sendable {
        let requestId: String
        let responseCode: Int
        let responseHeaders: [Header]
        let body: Data
    }
    struct Fail: Encodable, Sendable {
        let requestId: String
        let errorReason: String
    }
}

enum Page {
    struct Navigate: Encodable, Sendable { let url: String }
    struct FrameNavigated: Decodable, Sendable {
        struct Frame: Decodable, Sendable {
            let id: String
            let parentId: String?
            let url: String
            /// From `#` on.
            let urlFragment: String?
        }
        let frame: Frame
    }
    struct StoppedLoading: Decodable, Sendable { let frameId: String }
    struct NavigatedWithin: Decodable, Sendable {
        let frameId: String
        let url: String
    }
    struct DialogClosing: Encodable, Sendable { let accept = false }
}

enum Emulation {
    /// Lets a page's time go forward by so many milliseconds at once, and stand still then.
    struct VirtualTime: Encodable, Sendable {
        let policy = "pauseIfNetworkFetchesPending"
        let budget: Double
    }
}

enum Runtime {
    struct Evaluate: Encodable, Sendable {
        let expression: String
        let awaitPromise = true
        let returnByValue = true
        let silent = true
    }
    struct Evaluated: Decodable, Sendable {
        struct Value: Decodable, Sendable { let value: Bool? }
        let result: Value
    }
}

extension Fetch.Fulfill {
    /// A whole answer of this type.
    init(_ paused: Fetch.Paused, type: String, _ body: Data) {
        let header = Fetch.Header(name: "Content-Type", value: type)
        self.init(requestId: paused.requestId, responseCode: 200, responseHeaders: [header], body: body)
    }
}
