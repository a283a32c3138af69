internal import Synchronization

/// Lets so many in at a time for each key, with a pause between their beginnings, and so many more wait.
package final class Turns: Sendable {
    private enum Turn { case enter, leave, refuse }

    private struct Line {
        var inside = 0
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Turn, Never>)] = []
        var nextStart = ContinuousClock.now

        var isIdle: Bool { inside == 0 && waiting.isEmpty && nextStart <= .now }
    }

    private struct State {
        var lines: [String: Line] = [:]
        var nextID: UInt64 = 0
    }

    /// From so many hosts on, those that nobody waits for are forgotten.
    private static let hostsMax = 256

    private let insideMax: Int
    private let waitingMax: Int
    private let pause: Duration
    private let state = Mutex(State())

    package init(insideMax: Int, waitingMax: Int, pause: Duration = .zero) {
        self.insideMax = insideMax
        self.waitingMax = waitingMax
        self.pause = pause
    }

    /// Waits for a turn at `host`, and gives it up when `body` ends; one more than may wait is refused.
    package func take<Value: Sendable>(at host: String = "", _ body: () async throws -> Value) async throws -> Value {
        switch await wait(at: host) {
        case .enter: break
        case .leave: throw CancellationError()
        case .refuse: throw FetchError(.busy, "too many pages are being opened at once; try again in a moment")
        }
        defer { pass(host) }
        try await Task.sleep(until: start(at: host), clock: .continuous)
        return try await body()
    }

    private func wait(at host: String) async -> Turn {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in enter(host, id, continuation) }
        } onCancel: {
            leave(host, id)
        }
    }

    private func enter(_ host: String, _ id: UInt64, _ continuation: CheckedContinuation<Turn, Never>) {
        let turn: Turn? = state.withLock { state in
            if Task.isCancelled { return .leave }
            if state.lines.count >= Turns.hostsMax { state.lines = state.lines.filter { !$0.value.isIdle } }
            var line = state.lines[host, default: Line()]
            defer { state.lines[host] = line }
            if line.inside < insideMax {
                line.inside += 1
                return .enter
            }
            guard line.waiting.count < waitingMax else { return .refuse }
            line.waiting.append((id, continuation))
            return nil
        }
        if let turn { continuation.resume(returning: turn) }
    }

    private func leave(_ host: String, _ id: UInt64) {
        let continuation = state.withLock { state in
            state.lines[host]?.waiting.firstIndex { $0.id == id }
                .flatMap { state.lines[host]?.waiting.remove(at: $0).continuation }
        }
        continuation?.resume(returning: .leave)
    }

    private func pass(_ host: String) {
        let next: CheckedContinuation<Turn, Never>? = state.withLock { state in
            // The place goes straight to the next, so that nobody who comes now is before.
            if state.lines[host]?.waiting.isEmpty == false {
                return state.lines[host]?.waiting.removeFirst().continuation
            }
            state.lines[host]?.inside -= 1
            return nil
        }
        next?.resume(returning: .enter)
    }

    /// When the one whose turn it is may begin.
    private func start(at host: String) -> ContinuousClock.Instant {
        state.withLock { state in
            let start = max(.now, state.lines[host]?.nextStart ?? .now)
            state.lines[host]?.nextStart = start + pause
            return start
        }
    }
}
