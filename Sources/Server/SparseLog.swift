internal import Logging
internal import Synchronization

/// Says one thing in the log at most every ten seconds, so that those who cause it cannot fill the disk.
final class SparseLog: Sendable {
    private static let pause = Duration.seconds(10)

    private struct State {
        var next = ContinuousClock.now
        var unsaid = 0
    }

    private let message: Logger.Message
    private let state = Mutex(State())

    init(_ message: Logger.Message) {
        self.message = message
    }

    /// Logs the message, with `metadata` and how often it was not logged since it last was.
    func say(_ metadata: Logger.Metadata, to logger: Logger) {
        let unsaid = state.withLock { state -> Int? in
            guard state.next <= .now else {
                state.unsaid += 1
                return nil
            }
            defer { state = State(next: .now + Self.pause, unsaid: 0) }
            return state.unsaid
        }
        guard let unsaid else { return }
        logger.info(message, metadata: metadata.merging(["more": "\(unsaid)"]) { $1 })
    }
}
