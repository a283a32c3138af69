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
        /// What the result says of the tokens; nothing if the client did not ask, or there is no vocabulary.
        let tokens: JSONObject
    }

    private struct State {
        /// What was appended and not sent yet.
        var pending = Pending()
        /// All text that was appended.
        var text = ""
        /// Whether it came with ids, which then have to be those of all text.
        var isCounted = false
        /// The result, once the call has ended.
        var result: ToolResult?
    }

    /// Output that waits to be sent.
    struct Pending {
        var text = ""
        /// The ids that the tool has given with it; nil from a tool that counts no tokens.
        var ids: [UInt32]?
    }

    fileprivate let token: JSONValue
    /// What the client asked for beside the text; nil if for nothing.
    fileprivate let details: JSONValue?
    fileprivate let encoding: Encoding?
    private let state = Mutex(State())
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
    func append(_ output: ToolOutput) {
        state.withLock { state in
            state.text += output.text
            state.pending.text += output.text
            guard let ids = output.ids else { return }
            state.pending.ids = (state.pending.ids ?? []) + ids
            state.isCounted = true
        }
        ringer.yield()
    }

    /// Adds what `result` shows beyond what was appended, and ends the stream.
    /// - Returns: The result, which is not exact if it begins otherwise than what was appended.
    func finish(_ result: ToolResult) -> ToolResult {
        defer { ringer.finish() }
        return state.withLock { state in
            let goesOn = result.text.utf8.starts(with: state.text.utf8)
            let rest = result.text.utf8.dropFirst(state.text.utf8.count)
            let isExact = result.isExact && goesOn && (rest.isEmpty || !state.isCounted)
            if isExact { state.pending.text += String(decoding: rest, as: UTF8.self) }
            let result =
                isExact
                ? result
                : ToolResult(content: result.content, isError: result.isError, meta: result.meta, isExact: false)
            state.result = result
            return result
        }
    }

    /// Sends everything until `finish`, and says what that was.
    func forward(to send: @Sendable (OutgoingMessage) async -> Void) async -> End {
        var sender = Sender(stream: self)
        await withDiscardingTaskGroup { timers in
            var pauseEnd: ContinuousClock.Instant?
            var timerEnd: ContinuousClock.Instant?
            for await _ in bell {
                let now = ContinuousClock.now
                if let pauseEnd, now < pauseEnd, pendingBytes < Self.bytesToHurry {
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

    private var pendingBytes: Int { state.withLock { $0.pending.text.utf8.count } }

    /// Takes what was appended since the last time.
    fileprivate func takePending() -> Pending {
        state.withLock { state in
            defer { state.pending = Pending() }
            return state.pending
        }
    }

    /// The result, once the call has ended.
    fileprivate var result: ToolResult? { state.withLock { $0.result } }

    private func ring(at instant: ContinuousClock.Instant) async {
        do {
            try await Task.sleep(until: instant, clock: .continuous)
            ringer.yield()
        } catch {
            // The call has ended, and the stream with it.
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
        let pending = stream.takePending()
        tokens?.add(ToolOutput(text: pending.text, ids: pending.ids))
        for piece in pending.text.pieces(of: ProgressStream.bytesMax) where !Task.isCancelled {
            await send(notification(String(piece), tokens?.take(with: piece.utf8.count)))
        }
    }

    mutating func finish(to send: @Sendable (OutgoingMessage) async -> Void) async -> ProgressStream.End {
        await flush(to: send)
        if let rest = tokens?.finish(), !Task.isCancelled { await send(notification("", rest)) }
        let summary = stream.result.flatMap { tokens?.summary(of: $0) }
        return ProgressStream.End(notifications: count, tokens: summary ?? [:])
    }

    private mutating func notification(_ text: String, _ tokens: JSONObject?) -> OutgoingMessage {
        count += 1
        var parameters: JSONObject = [
            "progressToken": stream.token, "progress": .integer(count), "message": .string(text),
        ]
        if stream.details != nil {
            let output: JSONObject = ["seq": .integer(count), "stream": "output", "text": .string(text)]
            parameters["_meta"] = [MetaKey.output: .object(output.merging(tokens ?? [:]))]
        }
        return .notification("notifications/progress", parameters)
    }
}

extension String {
    /// The text in pieces of at most `bytesMax` bytes, none of which splits a character's code.
    ///
    /// A character's code has up to 4 bytes, so `bytesMax` is at least that.
    func pieces(of bytesMax: Int) -> [Substring] {
        precondition(bytesMax >= 4, "pieces of \(bytesMax) bytes")
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
