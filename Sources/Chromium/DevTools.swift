internal import FoundationEssentials

/// The protocol by which Chromium is steered: commands with their answers, and events.
actor DevTools {
    /// What goes to Chromium, a message each.
    nonisolated let outgoing: AsyncStream<[UInt8]>
    private let sender: AsyncStream<[UInt8]>.Continuation
    private var nextID = 0
    private var waiting: [Int: CheckedContinuation<[UInt8], any Error>] = [:]
    private var listeners: [String: AsyncStream<DevToolsEvent>.Continuation] = [:]
    private var isClosed = false

    init() {
        (outgoing, sender) = AsyncStream.makeStream()
    }

    /// Asks for something and waits for the answer.
    func call<Result: Decodable & Sendable>(
        _ method: String,
        _ parameters: some Encodable & Sendable,
        in session: String? = nil,
        as result: Result.Type = Nothing.self
    ) async throws -> Result {
        nextID += 1
        let id = nextID
        let command = DevToolsCommand(id: id, method: method, params: parameters, sessionId: session)
        let text = try JSONEncoder().encode(command)
        let answer = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<[UInt8], any Error>) in
                guard !isClosed, !Task.isCancelled else {
                    return continuation.resume(throwing: isClosed ? DevToolsFailure.closed : CancellationError())
                }
                waiting[id] = continuation
                sender.yield(Array(text))
            }
        } onCancel: {
            Task { await self.abandon(id) }
        }
        return try JSONDecoder().decode(DevToolsAnswer<Result>.self, from: Data(answer)).result
    }

    /// What happens in a session from now on; ends when Chromium does, or with ``leave(_:)``.
    func listen(to session: String) -> AsyncStream<DevToolsEvent> {
        let (events, listener) = AsyncStream<DevToolsEvent>.makeStream()
        if isClosed { listener.finish() } else { listeners[session] = listener }
        return events
    }

    /// Nobody listens to the session any more.
    func leave(_ session: String) {
        listeners.removeValue(forKey: session)?.finish()
    }

    /// Takes a message of Chromium's.
    func hear(_ message: [UInt8]) {
        let readable = LoneSurrogates.replaced(in: message)
        guard let envelope = try? JSONDecoder().decode(DevToolsEnvelope.self, from: Data(readable)) else { return }
        if let id = envelope.id, let continuation = waiting.removeValue(forKey: id) {
            if let error = envelope.error {
                continuation.resume(throwing: DevToolsFailure.refused(error.message))
            } else {
                continuation.resume(returning: readable)
            }
        } else if let method = envelope.method, let session = envelope.sessionId {
            if method == "Page.javascriptDialogOpening" { dismissDialog(of: session) }
            listeners[session]?.yield(DevToolsEvent(method: method, message: readable))
        }
    }

    /// Chromium is gone: nobody waits any longer.
    func close() {
        isClosed = true
        sender.finish()
        for continuation in waiting.values { continuation.resume(throwing: DevToolsFailure.closed) }
        for listener in listeners.values { listener.finish() }
        (waiting, listeners) = ([:], [:])
    }

    /// Until somebody does, the page stands still.
    private func dismissDialog(of session: String) {
        Task { _ = try? await call("Page.handleJavaScriptDialog", Page.DialogClosing(), in: session) as Nothing }
    }

    private func abandon(_ id: Int) {
        waiting.removeValue(forKey: id)?.resume(throwing: CancellationError())
    }
}

enum DevToolsFailure: Error, Equatable {
    /// Chromium has ended.
    case closed
    /// Chromium does not do it, and says why.
    case refused(String)
}

/// What a page may write into a string and JSON's readers do not take: half a pair of UTF-16.
enum LoneSurrogates {
    private static let replacement = Array("fffd".utf8)

    /// `json` with `\ufffd` in the place of each half, in JSON that is otherwise well-formed.
    static func replaced(in json: [UInt8]) -> [UInt8] {
        var bytes = json
        var index = 0
        while index + 5 < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            guard bytes[index + 1] == UInt8(ascii: "u") else {
                index += 2
                continue
            }
            switch half(bytes, at: index) {
            case .high? where half(bytes, at: index + 6) == .low: index += 12
            case nil: index += 6
            case .high?, .low?:
                bytes.replaceSubrange(index + 2..<index + 6, with: replacement)
                index += 6
            }
        }
        return bytes
    }

    private enum Half { case high, low }

    private static func half(_ bytes: [UInt8], at index: Int) -> Half? {
        guard index + 5 < bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        guard bytes[index + 2] | 0x20 == UInt8(ascii: "d") else { return nil }
        switch bytes[index + 3] | 0x20 {
        case UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "a"), UInt8(ascii: "b"): return .high
        case UInt8(ascii: "c"), UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "f"): return .low
        default: return nil
        }
    }
}
