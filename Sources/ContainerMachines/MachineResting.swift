/// When a machine that is not used comes to rest.
public struct MachineResting: Equatable, Sendable {
    /// After how long without a call its processes are stopped where they are, until the next call.
    public let freeze: Duration
    /// After how long they are ended; files stay.
    public let end: Duration

    /// The times, from the last call on.
    public init(freeze: Duration = .seconds(120), end: Duration = .seconds(1200)) {
        self.freeze = freeze
        self.end = end
    }
}

/// How far a machine rests.
enum MachineRest {
    case none
    case frozen
    case ended
}
