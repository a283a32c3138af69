internal import LinuxIsolation
package import LinuxSystem
package import Seccomp

/// One means of isolation around sandboxed code; one that cannot be applied ends the session.
package struct Layer {
    /// What puts a layer around the calling process.
    package typealias Step = () throws(SystemError) -> Void

    private let name: String
    private let apply: Step

    /// A layer by its name, and how it is applied.
    package init(_ name: String, apply: @escaping Step) {
        self.name = name
        self.apply = apply
    }

    /// Applies layers to this process in their order; prints how long each took if `isTimed`.
    ///
    /// - Throws: The first layer that cannot be applied; those after it are not tried.
    package static func apply(
        _ layers: [Layer],
        to process: String,
        isTimed: Bool
    ) throws(LayerError) {
        var clock = StepClock(of: process, isOn: isTimed)
        for layer in layers {
            do throws(SystemError) {
                try layer.apply()
            } catch {
                throw LayerError(layer: layer.name, cause: error)
            }
            clock.passed(layer.name)
        }
    }
}

/// A layer that could not be applied.
package struct LayerError: Error, CustomStringConvertible {
    /// The name of the layer.
    package let layer: String
    /// The system call that failed.
    package let cause: SystemError

    /// The layer and the system's reason.
    package var description: String { "the layer \(layer) could not be applied: \(cause)" }
}

extension Layer {
    /// What confines a supervisor, but for its root and its filter of system calls, which come first and last. It keeps its
    /// capabilities in the session's user namespace to start processes with.
    ///
    /// The namespaces themselves come with the clone.
    static func supervisor(_ base: SandboxBase) -> [Layer] {
        [
            // Not before: the template lies where only the worker's own user may go.
            Layer("user") { () throws(SystemError) in
                switch base.ids.users {
                case .separate: try ThisProcess.become(user: base.ids.supervisor, group: base.ids.supervisor)
                // Its commands enter the session's control groups, which the worker's own user has opened.
                case .root: try ThisProcess.becomeKeepingSaved(user: base.ids.supervisor, group: base.ids.supervisor)
                }
            },
            Layer("parent") { () throws(SystemError) in try ThisProcess.dieWithParent() },
            Layer("network") { () throws(SystemError) in
                if base.network != .none { try ThisProcess.bringUpLoopback() }
            },
            Layer("host name") { () throws(SystemError) in try ThisProcess.setHostName("sandbox") },
            Layer("memory of the supervisor") { () throws(SystemError) in try ThisProcess.setDumpable(false) },
            Layer("new privileges") { () throws(SystemError) in try ThisProcess.forbidNewPrivileges() },
        ]
    }

    /// Holds this process and its future children to `filters`, for good; last, for they would refuse other layers' steps.
    package static func systemCalls(_ filters: [SystemCallFilter]) -> Layer {
        Layer("system calls") { () throws(SystemError) in for filter in filters { try filter.install() } }
    }
}
