internal import LinuxIsolation
internal import LinuxSystem

/// Measures the steps of making a session, and prints each on standard error, where `--time-layers 1` asks for it.
package struct StepClock {
    private let isOn: Bool
    private let process: String
    private var last = monotonicMicroseconds()

    /// Starts with the first step of a process of the kind `process`.
    package init(of process: String, isOn: Bool) {
        self.process = process
        self.isOn = isOn
    }

    /// Ends the step `name`, and starts the next.
    package mutating func passed(_ name: String) {
        guard isOn else { return }
        let now = monotonicMicroseconds()
        WorkerProgram.report("step \(process), \(name) took \(now - last) us")
        last = monotonicMicroseconds()
    }
}
