internal import ContainerProtocol
internal import Synchronization

/// How much input of a command is on its way, so that no more is sent than its supervisor holds.
final class InputWindow: Sendable {
    private struct State {
        var bytes = 0
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// How much is sent at once, in bytes.
    static let pieceBytesMax = 1 << 16

    private let state = Mutex(State())

    /// Whether so many bytes more may be on their way; they then are.
    func tryTake(_ count: Int) -> Bool {
        state.withLock { state in
            guard !state.isOver, state.bytes + count <= ContainerRequest.inputBytesMax else { return false }
            state.bytes += count
            return true
        }
    }

    /// Waits until so many bytes more may be on their way; false once the command has ended.
    func take(_ count: Int) async -> Bool {
        while !tryTake(count) {
            if state.withLock({ $0.isOver }) { return false }
            await withCheckedContinuation { continuation in
                let isChanged = state.withLock { state in
                    if state.isOver || state.bytes + count <= ContainerRequest.inputBytesMax { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isChanged { continuation.resume() }
            }
        }
        return true
    }

    /// The command has read so many bytes.
    func giveBack(_ count: Int) { wake { $0.bytes -= min($0.bytes, count) } }

    /// The command has ended.
    func end() { wake { $0.isOver = true } }

    private func wake(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
