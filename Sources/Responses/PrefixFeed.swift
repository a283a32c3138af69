internal import Synchronization

/// The growing prompt of one turn, as warm-up gets it.
///
/// Extending it costs a copy of the new ids and waits for nothing, whatever the engine does.
public final class PrefixFeed: Sendable {
    private struct State {
        /// The ids that no request has carried.
        var waiting: [UInt32]
        /// How many ids have been carried.
        var takenCount = 0
        /// How many ids the engine has computed, in whole blocks; at first more than were carried.
        var computedCount: Int
        var hasEnded = false

        var count: Int { takenCount + waiting.count }
    }

    /// Comes whenever there is something to take; several times are one.
    let ready: AsyncStream<Void>

    private let readying: AsyncStream<Void>.Continuation
    private let settings: PrefixWarmUp.Settings
    private let state: Mutex<State>

    init(after prompt: [UInt32], _ settings: PrefixWarmUp.Settings) {
        self.settings = settings
        (ready, readying) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        // A copy: sharing the caller's array would make it copy that when it goes on.
        let known = Array(prompt.prefix(settings.idsMax))
        state = Mutex(State(waiting: known, computedCount: settings.wholeBlocks(known.count)))
    }

    /// Says what the prompt is by now: all ids, of which those given before are the beginning.
    ///
    /// Only what is new is looked at. Does nothing once warm-up or the turn has ended, and leaves out what is longer than
    /// `idsMax`.
    public func extend(to prompt: [UInt32]) {
        let isReady = state.withLock { state in
            guard !state.hasEnded else { return false }
            precondition(prompt.count >= state.count, "a prompt of \(prompt.count) ids that had \(state.count)")
            state.waiting += prompt[state.count..<max(state.count, min(prompt.count, settings.idsMax))]
            return isWorthwhile(state)
        }
        if isReady { readying.yield() }
    }

    /// How many ids are kept here.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Takes the ids that the next request adds to those before, up to the end of a block; nil while there are too few.
    func take() -> [UInt32]? {
        state.withLock { state in
            guard !state.hasEnded, isWorthwhile(state) else { return nil }
            let end = settings.wholeBlocks(state.count)
            let ids = Array(state.waiting.prefix(end - state.takenCount))
            // What is left is less than a block: a new array, for the old one may have become large.
            state.waiting = Array(state.waiting.dropFirst(ids.count))
            state.takenCount = end
            state.computedCount = end
            return ids
        }
    }

    /// Takes no more ids, and drops those that are here.
    func end() {
        state.withLock { state in
            state.hasEnded = true
            state.waiting = []
        }
    }

    private func isWorthwhile(_ state: State) -> Bool {
        let newCount = settings.wholeBlocks(state.count) - state.computedCount
        return newCount >= max(settings.newIDsMin, settings.blockSize)
    }
}

extension PrefixWarmUp.Settings {
    /// How many of so many ids fill whole blocks.
    fileprivate func wholeBlocks(_ count: Int) -> Int { count / blockSize * blockSize }
}
