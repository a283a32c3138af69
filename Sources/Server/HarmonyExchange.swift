internal import HTTPTypes
internal import Harmony
internal import MCP
internal import Synchronization
internal import Tokenizer

/// One call in Harmony and its answer: the tool is found by the call's recipient, run, and its output made the tool message.
struct HarmonyExchange: Sendable {
    /// A step of the answer.
    enum Event: Sendable {
        /// The tool runs; the ids are the header of the message to come.
        case started(tool: String, channel: String?, header: [UInt32])
        /// What the content goes on with, and those ids of it that are certain now.
        case output(number: Int, text: String, ids: [UInt32])
        /// The whole message.
        case finished(HarmonyAnswer)
    }

    private let server: MCPServer
    private let tool: String
    private let reply: ToolReply
    private let arguments: JSONValue
    private let session: SessionKey
    private let renderer: Renderer
    private let repairs: [String]

    /// Finds the tool for a call among those of `servers`. Refuses a call for nobody that is there.
    init(_ request: HarmonyRequest, session: SessionKey, servers: [MCPServer], encoding: Encoding) throws(Problem) {
        let tools = HarmonyExchange.tools(of: servers).filter { request.tools?.contains($0.key) ?? true }
        let list = tools.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
        guard let recipient = request.call.recipient else {
            throw Problem(
                .badRequest,
                "The message has no recipient, so it calls no tool. A call is to one of: \(list)."
            )
        }
        guard let reply = ToolReply(to: request.call, among: Set(tools.keys)) else {
            throw Problem(.badRequest, "Only an assistant's message to a tool is a call, and this is none.")
        }
        let asked = servers.first { reply.tool.hasPrefix("\($0.namespace.name).") } ?? servers.first
        guard let server = tools[reply.tool]?.server ?? (request.isLenient ? asked : nil) else {
            throw Problem(.badRequest, "There is no tool `\(recipient.prefix(100))`. The tools are: \(list).")
        }
        self.reply = reply
        self.session = session
        self.server = server
        // An unknown one is called all the same: the answer tells the model which there are.
        tool = tools[reply.tool]?.name ?? reply.tool
        arguments = HarmonyExchange.arguments(of: request.call, for: reply.tool)
        renderer = Renderer(encoding: encoding, flavour: request.flavour)
        repairs =
            request.repairs + (tools[reply.tool] == nil ? ["unknown_recipient"] : [])
            + (recipient == reply.tool ? [] : ["recipient:\(recipient.prefix(100))"])
    }

    /// Runs the tool; `send` takes the steps, the last of which is the answer. Ends without one when it is cancelled.
    func run(send: @escaping @Sendable (Event) async -> Void) async {
        await send(.started(tool: reply.tool, channel: reply.channel, header: renderer.header(of: reply)))
        let output = HarmonyOutput(renderer.encoding, send: send)
        let result = await server.call(tool, arguments: arguments, in: session) { await output.append($0.text) }
        guard let result else { return }
        let (text, content) = await output.finish(result)
        let rendered = RenderedMessage(header: renderer.header(of: reply), content: content, end: SpecialToken.end.id)
        await send(
            .finished(
                HarmonyAnswer(
                    message: reply.message(text),
                    text: renderer.text(of: rendered.ids),
                    rendered: rendered,
                    isError: result.isError,
                    repairs: repairs,
                    session: session
                )
            )
        )
    }

    /// All tools by their full names: a tool that has its namespace's name goes by that alone.
    private static func tools(of servers: [MCPServer]) -> [String: (server: MCPServer, name: String)] {
        var tools: [String: (server: MCPServer, name: String)] = [:]
        for server in servers {
            let space = server.namespace.name
            for tool in server.namespace.tools.map(\.description.name) {
                tools[tool == space ? tool : "\(space).\(tool)"] = (server, tool)
            }
        }
        return tools
    }

    /// Code stands in the message as it is, arguments of other tools as JSON.
    private static func arguments(of call: Message, for tool: String) -> JSONValue {
        if tool == "python" { return ["code": .string(call.text)] }
        return (try? JSONValue(parsing: Array(call.text.utf8))) ?? .string(call.text)
    }
}

/// The whole answer to a call.
struct HarmonyAnswer: Sendable {
    let message: Message
    /// The message as text, its control tokens included.
    let text: String
    let rendered: RenderedMessage
    let isError: Bool
    let repairs: [String]
    let session: SessionKey
}

/// The output of one call as text and tokens, in the order in which it comes.
private actor HarmonyOutput {
    private let send: @Sendable (HarmonyExchange.Event) async -> Void
    private var encoder: IncrementalEncoder
    private var text = ""
    private var ids: [UInt32] = []
    private var count = 0

    init(_ encoding: Encoding, send: @escaping @Sendable (HarmonyExchange.Event) async -> Void) {
        self.send = send
        encoder = IncrementalEncoder(encoding)
    }

    func append(_ piece: String) async {
        guard !piece.isEmpty else { return }
        text += piece
        await tell(piece, encoder.feed(piece.utf8.span))
    }

    /// Adds what the result shows beyond what came; what came stays, also where the result shows something else.
    func finish(_ result: ToolResult) async -> (text: String, ids: [UInt32]) {
        if result.text.utf8.starts(with: text.utf8) {
            await append(String(decoding: result.text.utf8.dropFirst(text.utf8.count), as: UTF8.self))
        }
        let rest = encoder.finish()
        if !rest.isEmpty { await tell("", rest) }
        return (text, ids)
    }

    private func tell(_ piece: String, _ new: [UInt32]) async {
        count += 1
        ids += new
        await send(.output(number: count, text: piece, ids: new))
    }
}
