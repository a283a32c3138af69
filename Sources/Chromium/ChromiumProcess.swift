internal import Egress
internal import LinuxSystem
internal import Subprocess
internal import Synchronization

/// One running Chromium, from its start until it is ended or ends.
final class ChromiumProcess: Sendable {
    let devTools: DevTools
    private let life: Task<Void, Never>
    private let state: StateBox

    /// What is known of the process, from within and without.
    private final class StateBox: Sendable {
        let pid = Mutex<Int32?>(nil)
        let hasEnded = Mutex(false)
    }

    /// Bytes of one message.
    private static let messageBytesMax = 256 << 20

    /// Starts `program` and waits until it answers; throws the reason in a sentence where it does not.
    static func start(_ program: ChromiumProgram, limits: ChromiumLimits) async throws(ChromiumStartError) -> Self {
        let devTools = DevTools()
        let (words, speaker) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(20))
        let state = StateBox()
        let life = Task {
            await run(program, devTools, state, limits: limits) { speaker.yield($0) }
            state.hasEnded.withLock { $0 = true }
            speaker.finish()
            await devTools.close()
        }
        let process = Self(devTools: devTools, life: life, state: state)
        do {
            let isThere = try await limited(to: limits.startTime) {
                try await devTools.call("Browser.getVersion", Nothing())
            }
            if isThere != nil { return process }
        } catch {
            // What it said of it is worth more.
        }
        process.end()
        await life.value
        var last = ""
        for await line in words { last = line }
        throw ChromiumStartError(reason: last.isEmpty ? "it did not answer within \(limits.startTime)" : last)
    }

    private init(devTools: DevTools, life: Task<Void, Never>, state: StateBox) {
        self.devTools = devTools
        self.life = life
        self.state = state
    }

    /// Whether it has not ended yet.
    var isRunning: Bool { !state.hasEnded.withLock(\.self) }

    /// Bytes of memory that it and its pages have.
    var memoryBytes: Int { state.pid.withLock(\.self).map { ProcessTree.memoryBytes(below: $0) } ?? 0 }

    /// Ends it and all its pages, at once.
    func end() { life.cancel() }

    /// Returns when it has ended.
    func waitForEnd() async { await life.value }

    private static func run(
        _ program: ChromiumProgram,
        _ devTools: DevTools,
        _ state: StateBox,
        limits: ChromiumLimits,
        hear: @escaping @Sendable (String) -> Void
    ) async {
        var options = PlatformOptions()
        // A terminal's Ctrl-C is for the daemon alone.
        options.processGroupID = 0
        let command = program.command
        do {
            _ = try await Subprocess.run(
                command.executable,
                arguments: command.arguments,
                environment: command.environment,
                platformOptions: options,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { execution in
                state.pid.withLock { $0 = execution.processIdentifier.value }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await write(devTools.outgoing, to: execution.standardInputWriter) }
                    group.addTask {
                        async let complaints: Void = pass(execution.standardError, to: hear)
                        try await read(execution.standardOutput, to: devTools)
                        try await complaints
                    }
                    group.addTask { try await watch(execution.processIdentifier.value, limits) }
                    defer { group.cancelAll() }
                    // The first to end is the end of all.
                    try await group.next()
                }
            }
        } catch {
            if !(error is CancellationError) { hear("\(error)") }
        }
    }

    private static func write(_ messages: AsyncStream<[UInt8]>, to writer: StandardInputWriter) async throws {
        for await message in messages { _ = try await writer.write(message + [0]) }
    }

    private static func pass(_ complaints: SubprocessOutputSequence, to hear: (String) -> Void) async throws {
        for try await line in complaints.strings() { hear(line) }
    }

    private static func read(_ output: SubprocessOutputSequence, to devTools: DevTools) async throws {
        let messages = output.strings(
            separatedBy: .unicodeScalarSequence(["\0"]),
            bufferingPolicy: .maxLineLength(messageBytesMax)
        )
        for try await message in messages { await devTools.hear(Array(message.utf8)) }
    }

    /// Returns when it has more memory than it may.
    private static func watch(_ root: Int32, _ limits: ChromiumLimits) async throws {
        while ProcessTree.memoryBytes(below: root) < limits.memoryBytesMax {
            try await Task.sleep(for: .seconds(1))
        }
    }
}

/// Why Chromium does not start.
struct ChromiumStartError: Error {
    let reason: String
}
