public import SandboxProtocol

/// How a run ended, as the session's supervisor saw it; `completed` and `raised` are claims of the code that ran.
public struct Outcome: Equatable, Sendable {
    /// The ways to end.
    public enum End: Equatable, Sendable {
        /// The cell ran to its end.
        case completed
        /// The cell ended with an exception, which its output shows.
        case raised
        /// The interpreter died: its variables are gone.
        case died(Death)
    }

    /// What ended an interpreter.
    public enum Death: Equatable, Sendable {
        /// It exited with this status.
        case exited(UInt8)
        /// A signal killed it; the supervisor's where ``Outcome/stop`` says so.
        case signaled(UInt8)
        /// The kernel killed it because the session, or all sessions together, used more memory than they may.
        case outOfMemory
        /// It sent the supervisor what an interpreter never sends, and was killed.
        case brokeProtocol
        /// What it had left running used more processor time, after a run and before the next, than it may.
        case backgroundLimit
    }

    /// How it ended.
    public let end: End
    /// Why the supervisor interrupted the run, nil if it did not.
    public let stop: StopReason?
    /// How long the run took, in microseconds.
    public let microseconds: UInt64

    /// An outcome with all it is made of.
    public init(end: End, stop: StopReason?, microseconds: UInt64) {
        self.end = end
        self.stop = stop
        self.microseconds = microseconds
    }

    /// Whether the session's variables are still there.
    public var isStateKept: Bool {
        switch end {
        case .completed, .raised: true
        case .died: false
        }
    }

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        switch end {
        case .completed: bytes += [0, 0]
        case .raised: bytes += [1, 0]
        case .died(.exited(let status)): bytes += [2, status]
        case .died(.signaled(let signal)): bytes += [3, signal]
        case .died(.brokeProtocol): bytes += [4, 0]
        case .died(.outOfMemory): bytes += [5, 0]
        case .died(.backgroundLimit): bytes += [6, 0]
        }
        bytes.append(stop?.rawValue ?? 0)
        bytes.appendLittleEndian(microseconds)
        return bytes
    }

    init?(encoded bytes: [UInt8]) {
        guard bytes.count == 11 else { return nil }
        switch bytes[0] {
        case 0: end = .completed
        case 1: end = .raised
        case 2: end = .died(.exited(bytes[1]))
        case 3: end = .died(.signaled(bytes[1]))
        case 4: end = .died(.brokeProtocol)
        case 5: end = .died(.outOfMemory)
        case 6: end = .died(.backgroundLimit)
        default: return nil
        }
        stop = StopReason(rawValue: bytes[2])
        guard bytes[2] == 0 || stop != nil else { return nil }
        microseconds = bytes.littleEndian(UInt64.self, at: 3)
    }
}
