public import MCP
public import Sandbox
internal import Sessions

/// The namespace `python` as models were trained on it: a description and no visible tool.
public struct PythonNamespace: ToolNamespace {
    private let sandbox: Sandbox
    private let settings: PythonTool.Settings

    /// A namespace whose sessions are those of `sandbox`.
    public init(sandbox: Sandbox, settings: PythonTool.Settings) {
        self.sandbox = sandbox
        self.settings = settings
    }

    /// The name that serving layers look for.
    public var name: String { "python" }

    /// The text that gpt-oss models were trained with, with what is true here. Source: openai-harmony 0.0.8,
    /// `ToolNamespaceConfig.python`.
    public var instructions: String {
        let reachable = settings.reachable.joined(separator: ", ")
        let internet = reachable.isEmpty ? "disabled" : "limited to \(reachable)"
        let seconds = Double(settings.timeLimit.components.seconds)
        return """
            Use this tool to execute Python code in your chain of thought. The code will not be shown to the user. This \
            tool should be used for internal reasoning, but not for code that is intended to be visible to the user \
            (e.g. when creating plots, tables, or files).

            When you send a message containing Python code to python, it will be executed in a stateful Jupyter notebook \
            environment. python will respond with the output of the execution or time out after \(seconds) seconds. The \
            drive at '/mnt/data' can be used to save and persist user files. Internet access for this session is \
            \(internet).
            """
    }

    /// The one tool.
    public var tools: [any Tool] { [PythonTool(sandbox: sandbox, settings: settings)] }

    /// The files below `/mnt/data`.
    public var resources: (any ResourceStore)? { FileResources(sandbox.files) }

    /// Ends the session and what runs on it.
    public func cleanUp(_ session: SessionKey) async {
        _ = await sandbox.sessions.end(session.session)
    }
}
