internal import Concurrency
internal import JSON

/// A request that takes time: a call of a tool, a look at resources, or a subscription.
public struct RunningRequest: Sendable {
    enum Work: Sendable {
        case call(Call)
        case resources(ResourceRequest)
        case subscription

        var isSubscription: Bool {
            switch self {
            case .call, .resources: false
            case .subscription: true
            }
        }
    }

    let admission: Admission
    let work: Work
    /// Who we are, for stateless clients.
    let serverInfo: JSONValue?

    /// Whether the request ends only when the client or we want it to.
    public var isSubscription: Bool { work.isSubscription }

    /// Carries the request out: sends notifications first, and the response last.
    ///
    /// Once cancelled, by its task or by the client, it ends without a response, as soon as the tool returns.
    /// - Parameter send: Takes the messages one after the other; a tool never waits for it.
    public func run(send: @escaping @Sendable (OutgoingMessage) async -> Void) async {
        defer { admission.release() }
        switch work {
        case .call(let call):
            await run(send) { await call.answer(to: admission.id, serverInfo: serverInfo, send: send) }
        case .resources(let request):
            await run(send) { await request.answer(to: admission.id, serverInfo: serverInfo) }
        case .subscription: await listen(send)
        }
    }

    private func run(
        _ send: @escaping @Sendable (OutgoingMessage) async -> Void,
        answer: @escaping @Sendable () async -> OutgoingMessage?
    ) async {
        await cancelling(when: admission.cancelled) {
            if let answer = await answer(), !Task.isCancelled { await send(answer) }
        }
    }

    private func listen(_ send: @Sendable (OutgoingMessage) async -> Void) async {
        let meta: JSONValue = [MetaKey.subscription: admission.id.value]
        // Nothing that could be subscribed to ever changes.
        await send(.notification("notifications/subscriptions/acknowledged", ["notifications": [:], "_meta": meta]))
        for await _ in admission.cancelled {}
        if !Task.isCancelled { await send(.result(["_meta": meta], to: admission.id, serverInfo: serverInfo)) }
    }
}
