internal import JSON

/// The protocol by which Chromium is steered: commands with their answers, and events.
actor DevTools {
    /// What goes to Chromium, a message each.
    nonisolated let outgoing: AsyncStream<[UInt8]>
    private let sender: AsyncStream<[UInt8]>.Continuation
    private var nextID = 0
    private var waiting: [Int: CheckedContinuation<JSONValue, any Error>] = [:]
    private var listeners: [String: AsyncStream<DevToolsEvent>.Continuation] = [:]
    private var isClosed = false

    init() {
        (outgoing, sender) = AsyncStream.makeStream()
    }

    /// Asks for something and waits for what is answered.
    @discardableResult
    func call(
        _ method: String,
        _ parameters: JSONObject = [:],
        in session: String? = nil
    ) async throws -> JSONValue {
        nextID += 1
        let id = nextID
        var command: JSONObject = ["id": .integer(id), "method": .string(method), "params": .object(parameters)]
        command["sessionId"] = session.map { .string($0) }
        let text = JSONValue.object(command).encoded()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<JSONValue, any Error>) in
                guard !isClosed, !Task.isCancelled else {
                    return continuation.resume(throwing: isClosed ? DevToolsFailure.closed : CancellationError())
                }
                waiting[id] = continuation
                sender.yield(text)
            }
        } onCancel: {
            Task { await self.abandon(id) }
        }
    }

    /// What happens in a session from now on; ends when Chromium does, or with ``leave(_:)``.
    func listen(to session: String) -> AsyncStream<DevToolsEvent> {
        let (events, listener) = AsyncStream<DevToolsEvent>.makeStream()
        if isClosed { listener.finish() } else { listeners[session] = listener }
        return events
    }

    /// No task listens to the session any more.
    func leave(_ session: String) {
        listeners.removeValue(forKey: session)?.finish()
    }

    /// Takes a message of Chromium's.
    func hear(_ message: [UInt8]) {
        guard let json = try? JSONValue(parsing: message, limits: .devTools) else { return }
        if let id = json["id"]?.integer, let continuation = waiting.removeValue(forKey: id) {
            if let reason = json["error"]?["message"]?.string {
                continuation.resume(throwing: DevToolsFailure.refused(reason))
            } else {
                continuation.resume(returning: json["result"] ?? .null)
            }
        } else if let method = json["method"]?.string, let session = json["sessionId"]?.string {
            if method == "Page.javascriptDialogOpening" { dismissDialog(of: session) }
            listeners[session]?.yield(DevToolsEvent(method: method, parameters: json["params"] ?? .null))
        }
    }

    /// Chromium is gone: ends every wait.
    func close() {
        isClosed = true
        sender.finish()
        for continuation in waiting.values { continuation.resume(throwing: DevToolsFailure.closed) }
        for listener in listeners.values { listener.finish() }
        (waiting, listeners) = ([:], [:])
    }

    /// Closes a dialog; until then, the page stands still.
    private func dismissDialog(of session: String) {
        Task { try? await call("Page.handleJavaScriptDialog", ["accept": false], in: session) }
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
    /// An answer lacks what it has to have.
    case unreadable
}
