/// Something that a model can call.
public protocol Tool: Sendable {
    /// What `tools/list` says about it.
    var description: ToolDescription { get }

    /// Carries out one call.
    ///
    /// What the model did wrong is a result with `isError`. It throws `CancellationError` alone; anything else that is
    /// thrown is logged and answered with a plain sentence. `output` takes what can be shown at once, and does not wait
    /// for whoever reads.
    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult
}

/// One namespace, such as `python`: what a serving layer sees under one URL.
public protocol ToolNamespace: Sendable {
    /// The `serverInfo.name`, by which serving layers find it.
    var name: String { get }
    /// The namespace's description in prompts.
    var instructions: String { get }
    /// The tools, in the order they are listed in.
    var tools: [any Tool] { get }
    /// Ends the session's state and any call of it that runs. Fast, and may be called again.
    func cleanUp(_ session: SessionKey) async
}

/// Whose state a tool call works on.
public struct SessionKey: Sendable, Hashable, CustomStringConvertible {
    /// As the client chose it (`x-session-id`), or made by us.
    public let id: String
    /// True when nobody but one connection can name it.
    public let endsWithConnection: Bool

    /// A session by its name.
    public init(id: String, endsWithConnection: Bool) {
        self.id = id
        self.endsWithConnection = endsWithConnection
    }

    /// The name.
    public var description: String { id }
}

/// What `tools/list` says about a tool.
public struct ToolDescription: Sendable {
    /// The name it is called by.
    public let name: String
    /// The name that people read.
    public let title: String?
    /// What it does.
    public let description: String
    /// A JSON Schema of its arguments.
    public let inputSchema: JSONValue
    /// What clients may assume of its calls.
    public let hints: Hints
    /// Whether serving layers leave it out of prompts.
    public let isHiddenFromPrompt: Bool

    /// What clients may assume of a tool's calls; nil says nothing.
    public struct Hints: Sendable {
        /// It changes nothing.
        public let readOnly: Bool?
        /// It may destroy something.
        public let destructive: Bool?
        /// A second call with the same arguments changes nothing more.
        public let idempotent: Bool?
        /// It reaches beyond this machine.
        public let openWorld: Bool?

        /// Hints, none by default.
        public init(
            readOnly: Bool? = nil,
            destructive: Bool? = nil,
            idempotent: Bool? = nil,
            openWorld: Bool? = nil
        ) {
            self.readOnly = readOnly
            self.destructive = destructive
            self.idempotent = idempotent
            self.openWorld = openWorld
        }
    }

    /// All that is said about a tool.
    public init(
        name: String,
        title: String? = nil,
        description: String,
        inputSchema: JSONValue,
        hints: Hints = Hints(),
        isHiddenFromPrompt: Bool = false
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.inputSchema = inputSchema
        self.hints = hints
        self.isHiddenFromPrompt = isHiddenFromPrompt
    }
}

/// One call of a tool.
public struct ToolCall: Sendable {
    /// The arguments as the model wrote them; nothing has checked them.
    public let arguments: [String: JSONValue]
    /// Whose state to work on.
    public let session: SessionKey

    /// A call.
    public init(arguments: [String: JSONValue], session: SessionKey) {
        self.arguments = arguments
        self.session = session
    }
}

/// A piece of a result, shown before the rest is there.
public struct ToolOutput: Sendable {
    /// What follows the pieces before, exactly.
    public let text: String

    /// A piece of text.
    public init(text: String) {
        self.text = text
    }
}

/// A part of a result.
public enum Content: Sendable, Equatable {
    case text(String)
    /// An image; base64 on the wire.
    case image(data: [UInt8], mimeType: String)
}

/// What a call gives.
public struct ToolResult: Sendable {
    /// Its parts; the first is text, and not empty.
    public let content: [Content]
    /// Whether the call went wrong.
    public let isError: Bool
    /// The same for programs.
    public let structuredContent: JSONValue?
    /// False where the pieces shown before are not the text, which was cut.
    public let isExact: Bool

    /// A result whose first part is text that is not empty: some clients die of anything else.
    public init(
        content: [Content],
        isError: Bool = false,
        structuredContent: JSONValue? = nil,
        isExact: Bool = true
    ) {
        guard case .text(let text)? = content.first, !text.isEmpty else {
            preconditionFailure("a result that does not begin with text: \(content.first.map { "\($0)" } ?? "nothing")")
        }
        self.content = content
        self.isError = isError
        self.structuredContent = structuredContent
        self.isExact = isExact
    }
}
