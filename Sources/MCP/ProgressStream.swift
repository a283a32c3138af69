internal import Synchronization

/// The output of one running call, on its way to the client as progress notifications.
///
/// The tool only ever appends: what a slow client has not taken yet merges.
final class ProgressStream: Sendable {
    /// How long pieces are gathered after one was sent.
    static let pause = Duration.milliseconds(30)
    /// How many bytes end a pause early.
    static let bytesToHurry = 4096
    /// How much text one notification carries: twice, and each byte six times at worst, it stays under 64 KiB.
    static let bytesMax = 5000

    private let token: JSONValue
    private let isDetailed: Bool
    private let pending = Mutex("")
    private let bell: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation

    init(token: JSONValue, isDetailed: Bool) {
        self.token = token
        self.isDetailed = isDetailed
        (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Adds a piece; never waits.
    func append(_ text: String) {
        guard !text.isEmpty else { return }
        pending.withLock { $0 += text }
        ringer.yield()
    }

    /// Says that nothing more comes.
    func finish() { ringer.finish() }

    /// Sends everything until `finish`, and says how many notifications that were.
    func forward(to send: @Sendable (OutgoingMessage) async -> Void) async -> Int {
        var count = 0
        await withDiscardingTaskGroup { timers in
            var pauseEnd: ContinuousClock.Instant?
            var timerEnd: ContinuousClock.Instant?
            for await _ in bell {
                let now = ContinuousClock.now
                if let pauseEnd, now < pauseEnd, pending.withLock({ $0.utf8.count < Self.bytesToHurry }) {
                    // A timer that is under way rings before this pause is over, and then the next one is set.
                    if let timerEnd, now < timerEnd { continue }
                    timerEnd = pauseEnd
                    timers.addTask { await self.ring(at: pauseEnd) }
                } else {
                    await flush(counting: &count, to: send)
                    pauseEnd = .now + Self.pause
                }
            }
            timers.cancelAll()
        }
        await flush(counting: &count, to: send)
        return count
    }

    private func ring(at instant: ContinuousClock.Instant) async {
        do {
            try await Task.sleep(until: instant, clock: .continuous)
            ringer.yield()
        } catch {
            // The call has ended; nobody waits for the bell.
        }
    }

    private func flush(counting count: inout Int, to send: @Sendable (OutgoingMessage) async -> Void) async {
        let text = pending.withLock { pending in
            defer { pending = "" }
            return pending
        }
        for piece in text.pieces(of: Self.bytesMax) where !Task.isCancelled {
            count += 1
            await send(notification(number: count, text: String(piece)))
        }
    }

    private func notification(number: Int, text: String) -> OutgoingMessage {
        var parameters: [String: JSONValue] = [
            "progressToken": token, "progress": .integer(number), "message": .string(text),
        ]
        if isDetailed {
            parameters["_meta"] = [
                MetaKey.output: ["seq": .integer(number), "stream": "output", "text": .string(text)]
            ]
        }
        return .notification("notifications/progress", .object(parameters))
    }
}

extension String {
    /// The text in pieces of at most `bytesMax` bytes, none of which splits a character's code.
    func pieces(of bytesMax: Int) -> [Substring] {
        var pieces: [Substring] = []
        var rest = self[...]
        while rest.utf8.count > bytesMax {
            var end = rest.utf8.index(rest.startIndex, offsetBy: bytesMax)
            while end.samePosition(in: unicodeScalars) == nil { end = rest.utf8.index(before: end) }
            pieces.append(rest[..<end])
            rest = rest[end...]
        }
        return rest.isEmpty ? pieces : pieces + [rest]
    }
}
