/// What one session may use.
package struct SessionLimits: Sendable {
    /// Memory of all its processes together, in bytes.
    package let memoryBytes: UInt64
    /// Memory of all sessions together, in bytes; 0 sets no limit.
    package let totalMemoryBytes: UInt64
    /// The size of `/mnt/data`, in bytes.
    package let dataBytes: UInt64
    /// The size of `/tmp`, in bytes.
    package let temporaryBytes: UInt64
    /// What a session may change of its root, in bytes, where that is writable.
    package let diskBytes: UInt64
    /// Processes and threads at a time.
    package let processesMax: UInt64
    /// What one run may write before it is interrupted, in bytes.
    package let outputBytesMax: UInt64
    /// The time between an interrupt and the kill, in microseconds.
    package let graceMicroseconds: UInt64
    /// How much processor time the processes of a session may use between two runs, in microseconds.
    package let backgroundMicroseconds: UInt64
}
