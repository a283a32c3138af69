import LinuxSystem

/// Says on standard error how long each step of making a session took, where somebody wants to know.
struct StepClock {
    private let isOn: Bool
    private let whose: String
    private var last = monotonicMicroseconds()

    /// Starts with the first step of `whose` process.
    init(of whose: String, isOn: Bool) {
        self.whose = whose
        self.isOn = isOn
    }

    /// The step `name` is done, and the next begins.
    mutating func passed(_ name: String) {
        guard isOn else { return }
        let now = monotonicMicroseconds()
        report("step \(whose), \(name) took \(now - last) us")
        last = monotonicMicroseconds()
    }
}
