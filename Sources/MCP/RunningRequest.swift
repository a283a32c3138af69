internal import Concurrency
internal import JSON

/// A request that takes time: a call of a tool, a look at resources, or a subscription.
public struct RunningRequest: Sendable {
    enum Work: Sendable {
        case call(CallRequest)
        case look(ResourceRequest)
        case listen

        var isSubscription: Bool {
            switch self {
            case .call, .look: false
            case .listen: true
            }
        }
    }

    let place: Place
    let work: Work
    let envelope: ResultEnvelope

    /// Whether the request ends only when the client or we want it to.
    public var isSubscription: Bool { work.isSubscription }

    /// Carries the request out: notifications first, and its response last.
    ///
    /// Once cancelled, by its task or by the client, it ends without a response, as soon as the tool lets go.
    /// - Parameter send: Takes the messages one after the other; a tool never waits for it.
    public func run(send: @escaping @Sendable (OutgoingMessage) async -> Void) async {
        defer { place.release() }
        switch work {
        case .call(let call): await run(call, send)
        case .look(let request):
            await cancelling(when: admission.cancelled) {
                let answer = await request.answer(to: admission.id, in: envelope)
                if !Task.isCancelled { await send(answer) }
            }
        case .listen: await listen(send)
        }
    }

    private var admission: Admission { place.admission }

    private func run(_ call: CallRequest, _ send: @escaping @Sendable (OutgoingMessage) async -> Void) async {
        await cancelling(when: admission.cancelled) {
            guard let outcome = await call.run(send: send), !Task.isCancelled else { return }
            await send(outcome.message(to: admission.id, in: envelope))
        }
    }

    private func listen(_ send: @Sendable (OutgoingMessage) async -> Void) async {
        let meta: JSONValue = [MetaKey.subscription: admission.id.value]
        // Nothing that could be subscribed to ever changes.
        let acknowledgement: JSONValue = ["notifications": [:], "_meta": meta]
        await send(.notification("notifications/subscriptions/acknowledged", acknowledgement))
        for await _ in admission.cancelled {}
        if !Task.isCancelled {
            await send(.result(envelope.completing(["_meta": meta]), to: admission.id))
        }
    }
}
