internal import Concurrency
internal import ContainerProtocol
internal import Sessions
internal import Synchronization

/// What a terminal has shown since it was last looked at, in bounded memory, and how its command ended.
final class MachineTerminal: Sendable {
    /// What was shown since the last look.
    struct News {
        /// The end of what was written.
        var bytes: [UInt8] = []
        /// How many bytes before that are gone.
        var dropped = 0
        /// How the command ended, or why that is not known; nil while it runs.
        var ending: MachineConnection.Ending?
    }

    private struct State {
        var number: UInt32 = 0
        var news = News()
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var listenersBegun = 0
    }

    /// The most that is kept of what was not looked at.
    private static let keptBytesMax = 1 << 20
    /// After this long without output a terminal is quiet.
    private static let quiet = Duration.milliseconds(60)

    private let state = Mutex(State())

    /// The number of its command.
    var number: UInt32 {
        get { state.withLock { $0.number } }
        set { state.withLock { $0.number = newValue } }
    }

    /// Whether its command has ended.
    var isOver: Bool { state.withLock { $0.news.ending != nil } }

    /// Keeps what was written.
    func append(_ bytes: [UInt8]) {
        change { state in
            state.news.bytes += bytes
            // Trimmed when there is twice too much, so that many small pieces cost little.
            guard state.news.bytes.count > 2 * MachineTerminal.keptBytesMax else { return }
            let excess = state.news.bytes.count - MachineTerminal.keptBytesMax
            state.news.bytes.removeFirst(excess)
            state.news.dropped += excess
        }
    }

    /// The command is over.
    func finish(_ ending: MachineConnection.Ending) { change { $0.news.ending = ending } }

    /// What is new, which is then not new any more.
    func look() -> News {
        state.withLock { state in
            defer { state.news = News(ending: state.news.ending) }
            return state.news
        }
    }

    /// Gives `handler` what is shown until `limit` is over, the command has ended or, where that is wished, something was
    /// shown and then nothing for a moment.
    ///
    /// - Returns: How the command ended; nil while it runs.
    /// - Throws: `CancellationError`.
    func watch(
        for limit: Duration,
        endsWhenQuiet: Bool,
        handler: (News) async -> Void
    ) async throws -> MachineConnection.Ending? {
        let (changes, listener) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = listen(listener)
        defer { state.withLock { $0.listeners[id] = nil } }
        let clock = ContinuousClock()
        var end = clock.now + limit
        while true {
            let news = look()
            if !news.bytes.isEmpty {
                await handler(news)
                if endsWhenQuiet { end = min(clock.now + MachineTerminal.quiet, end) }
            }
            let rest = end - clock.now
            guard news.ending == nil, rest > .zero else { return news.ending }
            _ = try await withTimeout(rest) { for await _ in changes { return } }
        }
    }

    private func listen(_ listener: AsyncStream<Void>.Continuation) -> Int {
        state.withLock { state in
            state.listenersBegun += 1
            state.listeners[state.listenersBegun] = listener
            return state.listenersBegun
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let listeners = state.withLock { state in
            body(&state)
            return Array(state.listeners.values)
        }
        for listener in listeners { listener.yield() }
    }
}
