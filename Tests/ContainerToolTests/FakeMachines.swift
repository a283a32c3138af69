import JSON
import MCP
import Synchronization

@testable import ContainerTool

/// One machine for every session; it does what a test says and notes what it was asked for.
final class FakeMachine: MachineSource, Machine {
    /// What a machine does when it is used.
    struct Behavior: Sendable {
        var events: [MachineEvent] = []
        var end: ExecEnd? = ExecEnd(.exited(0), duration: .milliseconds(3))
        var error: MachineError.Code?
        var file: [UInt8] = []
    }

    /// What a machine was asked for.
    struct Requests: Sendable {
        var commands: [ExecCommand] = []
        var opened: [String] = []
        var typed: [[UInt8]] = []
        var waits: [TerminalWait] = []
        var written: [String: [UInt8]] = [:]
        var ended: [String] = []
    }

    let terminals = Terminals()
    private let behavior: Mutex<Behavior>
    private let requests = Mutex(Requests())

    init(_ behavior: Behavior = Behavior()) { self.behavior = Mutex(behavior) }

    var asked: Requests { requests.withLock { $0 } }

    func behave(_ behavior: Behavior) { self.behavior.withLock { $0 = behavior } }

    func withMachine<Value: Sendable>(
        of session: SessionKey,
        _ body: (any Machine) async throws -> Value
    ) async throws -> Value {
        try await body(self)
    }

    func end(_ session: SessionKey) { requests.withLock { $0.ended.append(session.id) } }

    func run(
        _ command: ExecCommand,
        handler: @escaping @Sendable (MachineEvent) async -> Void
    ) async throws -> ExecEnd {
        requests.withLock { $0.commands.append(command) }
        return try await act(handler) ?? ExecEnd(.exited(0), duration: .zero)
    }

    func openTerminal(_ name: String, running command: ExecCommand) throws {
        requests.withLock {
            $0.opened.append(name)
            $0.commands.append(command)
        }
        if let error = behavior.withLock({ $0.error }) { throw MachineError(error) }
    }

    func useTerminal(
        _ name: String,
        typing bytes: [UInt8],
        wait: TerminalWait,
        handler: @escaping @Sendable (MachineEvent) async -> Void
    ) async throws -> ExecEnd? {
        requests.withLock {
            $0.typed.append(bytes)
            $0.waits.append(wait)
        }
        return try await act(handler)
    }

    func readFile(_ path: String, as user: String?, bytesMax: Int) throws -> [UInt8] {
        let behavior = behavior.withLock { $0 }
        if let error = behavior.error { throw MachineError(error) }
        return behavior.file
    }

    func writeFile(_ path: String, _ content: [UInt8]) throws {
        requests.withLock { $0.written[path] = content }
    }

    private func act(_ handler: @escaping @Sendable (MachineEvent) async -> Void) async throws -> ExecEnd? {
        let behavior = behavior.withLock { $0 }
        for event in behavior.events { await handler(event) }
        if let error = behavior.error { throw MachineError(error) }
        return behavior.end
    }
}

/// What a call shows, and how it ended.
struct Shown {
    let result: ToolResult
    let deltas: String

    var text: String { result.text }
    var run: JSONValue? { result.meta["dev.harmonium/run"] }
}

extension FakeMachine {
    /// Calls a tool of the namespace.
    func call(
        _ tool: String,
        _ arguments: JSONObject,
        settings: ContainerSettings = ContainerSettings(),
        downloads: (any Downloads)? = nil
    ) async throws -> Shown {
        let namespace = ContainerNamespace(machines: self, settings: settings, downloads: downloads)
        let deltas = Mutex("")
        for candidate in namespace.tools where candidate.description.name == tool {
            let session = SessionKey(id: "s", endsWithConnection: false)
            let result = try await candidate.call(ToolCall(arguments: arguments, session: session)) { output in
                deltas.withLock { $0 += output.text }
            }
            return Shown(result: result, deltas: deltas.withLock { $0 })
        }
        return Shown(result: ToolResult(text: "no tool \(tool)", isError: true), deltas: "")
    }
}
