internal import SandboxProtocol

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

    /// Why the supervisor stopped it.
    public enum Stop: UInt8, Equatable, Sendable {
        /// The time limit passed.
        case timeLimit = 1
        /// It wrote more than a command may.
        case outputLimit = 2
        /// The daemon asked for it.
        case request = 3
    }

    /// How it ended.
    public let end: End
    /// Why the supervisor stopped it, nil if it did not.
    public let stop: Stop?
    /// How long it ran, in microseconds.
    public let microseconds: UInt64

    /// An outcome with its parts.
    public init(end: End, stop: Stop?, microseconds: UInt64) {
        self.end = end
        self.stop = stop
        self.microseconds = microseconds
    }
}

/// On the wire 14 bytes: the end, a detail as `Int32`, the stop (0 without), and microseconds as `UInt64`.
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
        return bytes
    }

    init?(encoded bytes: ArraySlice<UInt8>) {
        var rest = bytes
        guard let kind = rest.takeNumber(UInt8.self), let detail = rest.takeNumber(Int32.self),
            let stop = rest.takeNumber(UInt8.self), let microseconds = rest.takeNumber(UInt64.self), rest.isEmpty,
            let end = End(kind: kind, detail: detail), stop == 0 || Stop(rawValue: stop) != nil
        else { return nil }
        self.init(end: end, stop: Stop(rawValue: stop), microseconds: microseconds)
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
