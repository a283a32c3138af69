public import SandboxProtocol

/// How a command ended, as the session's supervisor saw it.
public struct CommandOutcome: Equatable, Sendable {
    /// The ways to end.
    public enum End: Equatable, Sendable {
        /// It exited with this status.
        case exited(UInt8)
        /// This signal killed it.
        case signaled(UInt8)
        /// The kernel killed it because the session used more memory than it may.
        case outOfMemory
        /// It could not be started.
        case notStarted(Failure)
    }

    /// What stopped a command from being started.
    public enum Failure: Equatable, Sendable {
        /// The working directory, with this `errno`.
        case workingDirectory(Int32)
        /// The program, with this `errno`: `ENOENT` if there is no program with this name.
        case program(Int32)
        /// The session has no user or group with this name.
        case unknownUser
        /// As many commands run in the session as may.
        case tooManyCommands
        /// The session's limit on processes or memory, with this `errno`.
        case resources(Int32)
    }

    /// How it ended.
    public let end: End
    /// Why the supervisor stopped it, nil if it did not.
    public let stop: StopReason?
    /// How long it ran, in microseconds.
    public let microseconds: UInt64
    /// The path of the session's file that has all it wrote; empty if none was kept.
    public let keptOutput: [UInt8]

    /// An outcome with its parts.
    public init(end: End, stop: StopReason?, microseconds: UInt64, keptOutput: [UInt8] = []) {
        self.end = end
        self.stop = stop
        self.microseconds = microseconds
        self.keptOutput = keptOutput
    }
}

/// On the wire: the end, a detail as `Int32`, the stop (0 without), microseconds as `UInt64`, and the path of the kept output.
extension CommandOutcome {
    var encoded: [UInt8] {
        let (kind, detail): (UInt8, Int32) =
            switch end {
            case .exited(let status): (0, Int32(status))
            case .signaled(let signal): (1, Int32(signal))
            case .outOfMemory: (2, 0)
            case .notStarted(.workingDirectory(let code)): (3, code)
            case .notStarted(.program(let code)): (4, code)
            case .notStarted(.unknownUser): (5, 0)
            case .notStarted(.tooManyCommands): (6, 0)
            case .notStarted(.resources(let code)): (7, code)
            }
        var bytes = [kind]
        bytes.appendLittleEndian(detail)
        bytes.append(stop?.rawValue ?? 0)
        bytes.appendLittleEndian(microseconds)
        return bytes + keptOutput
    }

    init?(encoded bytes: ArraySlice<UInt8>) {
        var rest = bytes
        guard let kind = rest.takeNumber(UInt8.self), let detail = rest.takeNumber(Int32.self),
            let stop = rest.takeNumber(UInt8.self), let microseconds = rest.takeNumber(UInt64.self),
            let end = End(kind: kind, detail: detail), stop == 0 || StopReason(rawValue: stop) != nil
        else { return nil }
        self.init(end: end, stop: StopReason(rawValue: stop), microseconds: microseconds, keptOutput: Array(rest))
    }
}

extension CommandOutcome.End {
    fileprivate init?(kind: UInt8, detail: Int32) {
        switch kind {
        case 0:
            guard let status = UInt8(exactly: detail) else { return nil }
            self = .exited(status)
        case 1:
            guard let signal = UInt8(exactly: detail) else { return nil }
            self = .signaled(signal)
        case 2: self = .outOfMemory
        case 3: self = .notStarted(.workingDirectory(detail))
        case 4: self = .notStarted(.program(detail))
        case 5: self = .notStarted(.unknownUser)
        case 6: self = .notStarted(.tooManyCommands)
        case 7: self = .notStarted(.resources(detail))
        default: return nil
        }
    }
}
