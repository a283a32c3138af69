internal import JSON
internal import Synchronization
internal import Tokenizer

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

    /// What became of the stream.
    struct End: Sendable {
        /// How many notifications there were.
        let notifications: Int
        /// What the result says of the tokens; nothing if nobody asked, or there is no vocabulary.
        let tokens: JSONObject
    }

    fileprivate let token: JSONValue
    /// What the client asked for beside the text; nil if for nothing.
    fileprivate let details: JSONValue?
    fileprivate let encoding: Encoding?
    private let pending = Mutex("")
    private let result = Mutex<(text: String, isExact: Bool)?>(nil)
    private let bell: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation

    /// A stream under the client's `token`, with the `details` it asked for, which have tokens where there is an `encoding`.
    init(token: JSONValue, details: JSONValue?, encoding: Encoding?) {
        self.token = token
        self.details = details
        self.encoding = encoding
        (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Adds a piece; never waits.
    func append(_ text: String) {
        guard !text.isEmpty else { return }
        pending.withLock { $0 += text }
        ringer.yield()
    }

    /// Says that nothing more comes, and what the result shows: `isExact` if that is what was appended.
    func finish(_ text: String, isExact: Bool) {
        result.withLock { $0 = (text, isExact) }
        ringer.finish()
    }

    /// Sends everything until `finish`, and says what that was.
    func forward(to send: @Sendable (OutgoingMessage) async -> Void) async -> End {
        var sender = Sender(stream: self)
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
                    await sender.flush(to: send)
                    pauseEnd = .now + Self.pause
                }
            }
            timers.cancelAll()
        }
        return await sender.finish(to: send)
    }

    /// What was appended since it was last asked.
    fileprivate func takePending() -> String {
        pending.withLock { pending in
            defer { pending = "" }
            return pending
        }
    }

    /// What the result shows, once that is known.
    fileprivate var finalText: (text: String, isExact: Bool)? { result.withLock { $0 } }

    private func ring(at instant: ContinuousClock.Instant) async {
        do {
            try await Task.sleep(until: instant, clock: .continuous)
            ringer.yield()
        } catch {
            // The call has ended; nobody waits for the bell.
        }
    }
}

/// Sends what a stream has gathered.
private struct Sender {
    private let stream: ProgressStream
    private var tokens: OutputTokens?
    private var count = 0

    init(stream: ProgressStream) {
        self.stream = stream
        if let form = OutputTokens.Form(stream.details?["tokenIds"]), let encoding = stream.encoding {
            tokens = OutputTokens(form, encoding)
        }
    }

    mutating func flush(to send: @Sendable (OutgoingMessage) async -> Void) async {
        for piece in stream.takePending().pieces(of: ProgressStream.bytesMax) where !Task.isCancelled {
            let text = String(piece)
            await send(notification(text, tokens?.feed(text)))
        }
    }

    mutating func finish(to send: @Sendable (OutgoingMessage) async -> Void) async -> ProgressStream.End {
        await flush(to: send)
        if let rest = tokens?.finish(), !Task.isCancelled { await send(notification("", rest)) }
        let summary = stream.finalText.flatMap { tokens?.summary(of: $0.text, isExact: $0.isExact) }
        return ProgressStream.End(notifications: count, tokens: summary ?? [:])
    }

    private mutating func notification(_ text: String, _ tokens: JSONObject?) -> OutgoingMessage {
        count += 1
        var parameters: JSONObject = [
            "progressToken": stream.token, "progress": .integer(count), "message": .string(text),
        ]
        if stream.details != nil {
            let output: JSONObject = [
                "seq": .integer(count), "stream": "output", "text": .string(text),
            ]
            parameters["_meta"] = [MetaKey.output: .object(output.merging(tokens ?? [:]))]
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
