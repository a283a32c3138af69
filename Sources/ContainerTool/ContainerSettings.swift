/// What the tools of the namespace `container` promise.
public struct ContainerSettings: Sendable {
    /// How long a command may run if the model does not say.
    public var timeLimit: Duration
    /// How long a command may run whatever the model says: clients give up after 300 seconds.
    public var timeLimitMax: Duration
    /// How many bytes of an output's beginning are shown.
    public var headBytes: Int
    /// How many bytes of an output's end are shown if it has more than the head.
    public var tailBytes: Int
    /// How long all arguments and the environment of a command may be together, in bytes.
    public var argumentBytesMax: Int

    /// The usual promises, where nothing else is given: about 10 000 tokens of output.
    public init(
        timeLimit: Duration = .seconds(60),
        timeLimitMax: Duration = .seconds(280),
        headBytes: Int = 8 << 10,
        tailBytes: Int = 24 << 10,
        argumentBytesMax: Int = 200_000
    ) {
        precondition(headBytes > 0 && tailBytes > 0, "an output of \(headBytes) and \(tailBytes) bytes")
        precondition(timeLimit > .zero && timeLimit <= timeLimitMax, "a time limit of \(timeLimit) in \(timeLimitMax)")
        self.timeLimit = timeLimit
        self.timeLimitMax = timeLimitMax
        self.headBytes = headBytes
        self.tailBytes = tailBytes
        self.argumentBytesMax = argumentBytesMax
    }
}
