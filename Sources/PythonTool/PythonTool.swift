internal import JSON
internal import Logging
public import MCP
internal import PythonProtocol
public import Sandbox
internal import Sessions
internal import Synchronization

/// The `python` tool as gpt-oss models know it: `{"code": …}` runs as a cell of a stateful notebook.
public struct PythonTool: Tool {
    /// What the tool promises.
    public struct Settings: Sendable {
        /// How long a call may run.
        public let timeLimit: Duration
        /// What is shown of a call's output.
        public let shown: OutputBudget
        /// The memory of a session, in bytes; for the text of results, the worker enforces it.
        public let memoryBytes: UInt64
        /// Where a session may go on the network; nowhere if empty.
        public let reachable: [String]

        /// All of it.
        public init(timeLimit: Duration, shown: OutputBudget, reachable: [String] = [], memoryBytes: UInt64) {
            self.reachable = reachable
            self.timeLimit = timeLimit
            self.shown = shown
            self.memoryBytes = memoryBytes
        }
    }

    /// Runs a cell on the session of a call, and gives its events, in order, to the handler.
    typealias CellRun =
        @Sendable (_ source: [UInt8], ToolCall, @escaping @Sendable (RunEvent) async -> Void) async throws -> Outcome

    private let run: CellRun
    private let settings: Settings

    /// A tool that runs its calls on `sandbox`.
    public init(sandbox: Sandbox, settings: Settings) {
        self.init(settings: settings) { source, call, handler in
            try await sandbox.run(
                source,
                in: SessionUse(call.session.session, client: call.session.client, network: call.session.network),
                timeLimit: settings.timeLimit,
                handler: handler
            )
        }
    }

    init(settings: Settings, run: @escaping CellRun) {
        self.run = run
        self.settings = settings
    }

    /// Hidden from prompts: models were trained on the namespace's text alone.
    public var description: ToolDescription {
        ToolDescription(
            name: "python",
            title: "Python",
            description: "Runs Python code as a cell of a stateful notebook and returns what it shows.",
            inputSchema: [
                "type": "object",
                "properties": ["code": ["type": "string", "description": "The Python code to run."]],
                "required": ["code"],
            ],
            isHiddenFromPrompt: true,
            textArgument: "code"
        )
    }

    /// Runs one cell.
    ///
    /// - Throws: What is not to be shown to the model: failures of the sandbox that it can do nothing about.
    public func call(
        _ call: ToolCall,
        output: @escaping @Sendable (ToolOutput) async -> Void
    ) async throws -> ToolResult {
        guard case .string(let code)? = call.arguments["code"] else {
            return ToolResult(
                text: "python takes one argument, \"code\": a string with the Python code to run.",
                isError: true
            )
        }
        let cell = CellOutput(settings.shown, text: text, output: output)
        do {
            let source = Array(PythonTool.source(in: code).utf8)
            return await cell.finish(try await run(source, call) { await cell.handle($0) })
        } catch let error as SessionError {
            Logger.current.debug("Run not carried out", metadata: ["error": "\(error)"])
            return await cell.fail(PythonTool.sentence(for: error))
        }
    }

    /// The source in what came as the code: where a model wrote the arguments as JSON, and what serves it took those for
    /// the code, it is in them.
    private static func source(in code: String) -> String {
        guard code.utf8.first(where: { !$0.isSpace }) == UInt8(ascii: "{"),
            case .object(let arguments)? = try? JSONValue(parsing: code), arguments.count == 1,
            case .string(let inner)? = arguments["code"]
        else { return code }
        return inner
    }

    private var text: OutcomeText {
        OutcomeText(timeLimit: settings.timeLimit, memoryBytes: settings.memoryBytes)
    }

    private static func sentence(for error: SessionError) -> String {
        switch error.code {
        case .unavailable: "The Python sandbox is not available right now. Try again in a few seconds."
        case .tooManySessions: "Too many Python sessions are open. Try again later."
        case .tooManyWaiting: "Too many calls wait for this session already. Wait for their results first."
        case .noPlaceInTime:
            "Too many cells run at the moment, and this one did not get its turn in time. Nothing of it was run; try again "
                + "later."
        case .lost:
            "The sandbox of this session was lost while the cell ran: variables, imports and files are gone. "
                + "Run the code again from the beginning."
        case .ended: "The session was ended while the cell ran or waited."
        case .networkNotOffered:
            "No session can reach here what this one asked for. Leave out the header x-session-network to get what is usual."
        case .networkDiffers:
            "This session has begun with another network than the one asked for now, and keeps it until it ends."
        case .imageNotOffered, .imageDiffers: "Python sessions have no images. Leave out the header x-session-image."
        case .callTooLong: "The code is too long for one call. Split it into smaller cells."
        }
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
