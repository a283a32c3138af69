internal import CLinux

/// What a process may use, as `setrlimit(2)` bounds it.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct ResourceLimits: Equatable, Sendable {
    /// Private writable memory of one process, in bytes.
    public let dataBytes: UInt64
    /// Processes and threads of the user in its namespace.
    public let processes: UInt64
    /// The longest file, in bytes.
    public let fileBytes: UInt64
    /// Open descriptors.
    public let descriptors: UInt64

    /// The four limits. Core dumps, message queues, locked memory and real-time priorities are always off.
    public init(dataBytes: UInt64, processes: UInt64, fileBytes: UInt64, descriptors: UInt64) {
        self.dataBytes = dataBytes
        self.processes = processes
        self.fileBytes = fileBytes
        self.descriptors = descriptors
    }

    /// Applies them to this process and its future children, for good: soft and hard limits. A lower hard limit stays.
    public func apply() throws(SystemError) {
        try CoreDumps.refuse()
        try ResourceLimits.set(CLINUX_LIMIT_DATA, dataBytes)
        try ResourceLimits.set(CLINUX_LIMIT_PROCESSES, processes)
        try ResourceLimits.set(CLINUX_LIMIT_FILE_SIZE, fileBytes)
        try ResourceLimits.set(CLINUX_LIMIT_DESCRIPTORS, descriptors)
        try ResourceLimits.set(CLINUX_LIMIT_LOCKED_MEMORY, 0)
        try ResourceLimits.set(CLINUX_LIMIT_MESSAGE_QUEUES, 0)
        try ResourceLimits.set(CLINUX_LIMIT_PENDING_SIGNALS, 1024)
        try ResourceLimits.set(CLINUX_LIMIT_NICE, 0)
        try ResourceLimits.set(CLINUX_LIMIT_REALTIME_PRIORITY, 0)
    }

    /// How many processes and threads this machine can have at a time.
    public static var machineProcessesMax: UInt64 {
        let limits = ["pid_max", "threads-max"].compactMap { name in
            (try? Files.readText("/proc/sys/kernel/\(name)"))?.split(whereSeparator: \.isWhitespace).first.flatMap {
                UInt64($0)
            }
        }
        return limits.min() ?? 32768
    }

    /// Bounds the processes and threads of this process's user, for it and all that it will start.
    public static func boundProcesses(max: UInt64) throws(SystemError) { try set(CLINUX_LIMIT_PROCESSES, max) }

    /// Lets this process open as many descriptors as its hard limit allows.
    public static func raiseDescriptors() throws(SystemError) {
        try check("setrlimit", clinux_raise_descriptors())
    }

    private static func set(_ limit: clinux_limit, _ value: UInt64) throws(SystemError) {
        try check("setrlimit", clinux_set_limit(limit, value))
    }
}
