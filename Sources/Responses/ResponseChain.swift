internal import Harmony
internal import JSON
public import MCP
internal import Synchronization

/// What the responses of one socket have in common: the session that their tools work in, and the latest of them, which the
/// next can continue though it is not stored.
public final class ResponseChain: Sendable {
    /// A response that the next may continue.
    struct Latest: Sendable {
        let id: String
        let past: Conversation.Past
        /// The messages of the system and of the developer.
        let head: [Message]
        let prompt: Prompt?
        /// How much it takes, in bytes.
        let bytes: Int

        /// The prompt with what a conversation adds to it, where that is nothing but what the client's tools answered: the
        /// turn goes on with the very ids that the engine has computed. Nil where the prompt has to be made of messages.
        func growing(into conversation: Conversation) -> Prompt? {
            let added = conversation.dialog.dropFirst(past.messages.count)
            let isSame = conversation.messages.dropLast(conversation.dialog.count).elementsEqual(head)
            guard var prompt, isSame, !added.isEmpty, added.allSatisfy({ $0.role == .tool }) else { return nil }
            for message in added {
                // What cannot follow these ids begins others.
                guard (try? prompt.append(message)) != nil else { return nil }
            }
            return prompt
        }
    }

    /// The session of all tools, unless a response continues one that has a session of its own.
    public let session: SessionKey
    private let budget: ChainBudget
    private let state = Mutex<Latest?>(nil)

    /// A chain without a response.
    ///
    /// - Parameter session: The session that the client named; nil for one that ends with the chain.
    init(session: SessionKey?, client: String, budget: ChainBudget) {
        self.session = session ?? SessionKey(id: ItemID.make("cntr"), endsWithConnection: true, client: client)
        self.budget = budget
    }

    deinit { replace(with: nil) }

    /// The latest response, if that is its id.
    func latest(_ id: String) -> Latest? { state.withLock { $0.flatMap { $0.id == id ? $0 : nil } } }

    /// Takes in a response that has ended, unless all chains together have no room for it. One that failed takes the response
    /// away that it continued.
    func add(_ run: ResponseRun, _ outcome: ResponseRun.Outcome?) {
        guard let outcome, outcome.failure == nil else { return drop(run.request.previousID) }
        let bytes = (outcome.past.messages + run.head).reduce(0) { $0 + $1.text.utf8.count }
        let latest = Latest(
            id: run.id,
            past: outcome.past,
            head: run.head,
            prompt: outcome.prompt,
            bytes: bytes + 4 * (outcome.prompt?.ids.count ?? 0)
        )
        replace(with: latest)
    }

    /// Forgets the latest response, if that is its id: what continued it has failed.
    public func drop(_ id: String?) {
        let isLatest = state.withLock { $0 != nil && $0?.id == id }
        if isLatest { replace(with: nil) }
    }

    private func replace(with latest: Latest?) {
        state.withLock { state in
            budget.give(back: state?.bytes ?? 0)
            state = latest.flatMap { budget.take($0.bytes) ? $0 : nil }
        }
    }
}

/// What the latest responses of all chains may take together, so that no number of sockets makes the process grow.
final class ChainBudget: Sendable {
    private let bytesMax: Int
    private let used = Mutex(0)

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Takes so many bytes; false where there is no room.
    func take(_ bytes: Int) -> Bool {
        used.withLock { used in
            guard used + bytes <= bytesMax else { return false }
            used += bytes
            return true
        }
    }

    func give(back bytes: Int) { used.withLock { $0 -= bytes } }
}
