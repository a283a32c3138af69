/// Why a supervisor has stopped what the daemon had asked it to run.
///
/// On the wire its number, and 0 where it has stopped nothing.
public enum StopReason: UInt8, Equatable, Sendable {
    /// The time limit passed.
    case timeLimit = 1
    /// More was written than may be.
    case outputLimit = 2
    /// The daemon asked for it.
    case request = 3
}
