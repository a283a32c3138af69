/// The tools a serving layer sees under one URL, such as `python`.
public protocol ToolNamespace: Sendable {
    /// What serving layers look the namespace up by, and the first part of its URL.
    var name: String { get }
    /// What the model is told about the namespace as a whole.
    var instructions: String { get }
    /// The tools in the order they are listed; always the same. `cleanup_session` can be called beside them.
    var tools: [any Tool] { get }

    /// What sessions have for clients to read beside the results of calls; nil if that is nothing.
    var resources: (any ResourceStore)? { get }

    /// Ends the session's state, and any running call of it.
    ///
    /// Idempotent and fast, also for a session that never had any state.
    func cleanUp(_ session: SessionKey) async
}

extension ToolNamespace {
    /// Nothing.
    public var resources: (any ResourceStore)? { nil }
}
