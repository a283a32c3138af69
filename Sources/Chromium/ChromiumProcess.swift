internal import Concurrency
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
        /// The end of what it wrote to standard error.
        let lastWords = Mutex<ArraySlice<UInt8>>([])

        /// On one line, short enough for a sentence.
        var lastSentence: String {
            let lines = lastWords.withLock { String(decoding: $0, as: UTF8.self) }.split(whereSeparator: \.isNewline)
            return String(lines.joined(separator: "; ").suffix(300))
        }
    }

    /// Bytes of one message.
    private static let messageBytesMax = 64 << 20
    private static let lastWordsMax = 4096

    /// Starts `program` and waits until it answers; throws the reason in a sentence where it does not.
    static func start(_ program: ChromiumProgram, limits: ChromiumLimits) async throws(ChromiumStartError) -> Self {
        let devTools = DevTools()
        let state = StateBox()
        let life = Task {
            await run(program, steeredBy: devTools, noting: state, limits: limits)
            state.hasEnded.withLock { $0 = true }
            await devTools.close()
        }
        let process = Self(devTools: devTools, life: life, state: state)
        do {
            let isThere = try await withTimeout(limits.startTime) {
                try await devTools.call("Browser.getVersion")
            }
            if isThere != nil { return process }
        } catch {
            // What it said of it is worth more.
        }
        process.end()
        await life.value
        let last = state.lastSentence
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
        steeredBy devTools: DevTools,
        noting state: StateBox,
        limits: ChromiumLimits
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
                        async let complaints: Void = drain(execution.standardError, state)
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
            let reason = Array("\(error)".utf8)[...]
            state.lastWords.withLock { $0 = $0.isEmpty ? reason : $0 }
        }
    }

    private static func write(_ messages: AsyncStream<[UInt8]>, to writer: StandardInputWriter) async throws {
        for await message in messages { _ = try await writer.write(message + [0]) }
    }

    /// Drains standard error, so that Chromium never blocks on a full pipe, and keeps the tail.
    private static func drain(_ complaints: SubprocessOutputSequence, _ state: StateBox) async throws {
        for try await buffer in complaints {
            state.lastWords.withLock { $0 = ($0 + [UInt8](copying: buffer.bytes)).suffix(lastWordsMax) }
        }
    }

    private static func read(_ output: SubprocessOutputSequence, to devTools: DevTools) async throws {
        var message: [UInt8] = []
        for try await buffer in output {
            var rest = [UInt8](copying: buffer.bytes)[...]
            while let end = rest.firstIndex(of: 0) {
                await devTools.hear(message + rest[..<end])
                message = []
                rest = rest[(end + 1)...]
            }
            message += rest
            guard message.count <= messageBytesMax else { return }
        }
    }

    /// Returns when it has more memory than it may.
    private static func watch(_ root: Int32, _ limits: ChromiumLimits) async throws {
        while ProcessTree.memoryBytes(below: root) < limits.memoryBytesMax {
            try await Task.sleep(for: .seconds(1))
        }
    }
}

extension ChromiumProgram {
    /// Starts it and ends it again; gives the reason, in a sentence, if it does not start.
    package func reasonNotToStart() async -> String? {
        do throws(ChromiumStartError) {
            let process = try await ChromiumProcess.start(self, limits: ChromiumLimits())
            process.end()
            await process.waitForEnd()
            return nil
        } catch {
            return error.reason
        }
    }
}

/// Why Chromium does not start.
struct ChromiumStartError: Error {
    let reason: String
}
