internal import JSON
internal import Logging
internal import MCP

/// `feed_chars`: types on a terminal, and shows what it shows.
struct FeedTool: Tool {
    let machines: any MachineSource
    let settings: ContainerSettings

    /// How long to wait if the model does not say, and at most.
    private static let yieldUsual = 100.0
    private static let yieldMax = 60_000.0
    /// How much can be typed in one call, in bytes.
    private static let bytesMax = 1 << 20

    /// What models were trained with, to the letter and in this order.
    var description: ToolDescription {
        ToolDescription(
            name: "feed_chars",
            title: "Type in a session",
            description:
                "Feed characters to an exec session's STDIN. Then, wait some amount of time, flush STDOUT/STDERR, "
                + "and show the results. To immediately flush STDOUT/STDERR, feed an empty string and pass a yield time of 0.",
            inputSchema: .arguments(
                [
                    "session_name": .parameter("string", "Which exec session to feed characters to."),
                    "chars": .parameter("string", "The characters to feed. May be empty."),
                    "yield_time_ms": ["type": "number", "default": 100, "description": .string(yieldTime)],
                ],
                required: ["session_name", "chars"]
            ),
            hints: ToolDescription.Hints(isReadOnly: false, isDestructive: true)
        )
    }

    private var yieldTime: String { "Number of milliseconds to wait before flushing STDOUT/STDERR." }

    func call(_ call: ToolCall, output: @escaping @Sendable (ToolOutput) async -> Void) async throws -> ToolResult {
        let (name, characters, wait): (String, [UInt8], TerminalWait)
        let isRaw: Bool
        do throws(CallArguments.Refusal) {
            let arguments = CallArguments(call.arguments)
            (name, characters, wait) = try FeedTool.read(arguments)
            isRaw = try arguments.isOn("raw")
        } catch {
            return ToolResult(text: error.text, isError: true)
        }
        let text = ExecOutput(settings, output: output)
        do {
            return try await machines.withMachine(of: call.session) { machine in
                try await machine.use(name, typing: characters, wait: wait, isRaw: isRaw, text)
            }
        } catch let error as MachineError {
            Logger.current.debug("Characters not fed", metadata: ["error": "\(error)"])
            return await text.fail(error, terminal: name)
        }
    }

    private static func read(
        _ arguments: CallArguments
    ) throws(CallArguments.Refusal) -> (String, [UInt8], TerminalWait) {
        guard let name = try arguments.terminal(isRequired: true) else {
            preconditionFailure("a name that is required")
        }
        // A NUL is what a terminal gets for ^@.
        let characters = Array((arguments["chars"]?.plainText ?? "").utf8)
        guard characters.count <= bytesMax else {
            throw CallArguments.Refusal(text: "`chars` is too long: at most \(bytesMax) bytes can be fed at once.")
        }
        let milliseconds = try arguments.number("yield_time_ms") ?? yieldUsual
        let wait = Duration.milliseconds(Int(min(max(milliseconds, 0), yieldMax)))
        return (name, characters, TerminalWait(limit: wait, endsWhenQuiet: false))
    }
}
