internal import CLinux
internal import Glibc
public import LinuxSystem

/// Kinds of namespaces that a process can make for itself. Source: namespaces(7).
public struct Namespaces: OptionSet, Sendable {
    /// The bits of `clone(2)`.
    public let rawValue: UInt64
    /// Takes the bits of `clone(2)`.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// Users, groups and capabilities.
    public static let user = Namespaces(rawValue: 0x1000_0000)
    /// Process ids.
    public static let pid = Namespaces(rawValue: 0x2000_0000)
    /// Mounts.
    public static let mount = Namespaces(rawValue: 0x0002_0000)
    /// System V and POSIX message queues, shared memory.
    public static let ipc = Namespaces(rawValue: 0x0800_0000)
    /// Host name.
    public static let uts = Namespaces(rawValue: 0x0400_0000)
    /// Interfaces, routes, sockets.
    public static let network = Namespaces(rawValue: 0x4000_0000)
    /// The view of control groups.
    public static let cgroup = Namespaces(rawValue: 0x0200_0000)
}

/// How a process ended.
public enum ProcessEnd: Equatable, Sendable {
    /// It left with this status.
    case exited(UInt8)
    /// This signal ended it.
    case signaled(UInt8)

    /// Two bytes that say the same.
    public var encoded: [UInt8] {
        switch self {
        case .exited(let status): [0, status]
        case .signaled(let signal): [1, signal]
        }
    }

    /// Reads what ``encoded`` gave; nil if it is something else.
    public init?(encoded bytes: [UInt8]) {
        guard bytes.count == 2, bytes[0] <= 1 else { return nil }
        self = bytes[0] == 0 ? .exited(bytes[1]) : .signaled(bytes[1])
    }
}

/// A process, held by a descriptor that cannot come to mean another one.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public struct ProcessHandle: ~Copyable, Sendable {
    /// Its number in this process's namespace.
    public let pid: Int32
    /// Readable once the process has ended.
    public let descriptor: Descriptor

    /// Clones this process into new namespaces.
    ///
    /// - Returns: The child, which the caller owns; nil in the child itself.
    /// - Throws: `EPERM` where the kernel lets this process make no namespaces, `ENOSPC` or `EUSERS` at its limit on them,
    ///   `EAGAIN` at the limit on processes.
    ///
    /// This process must have one thread: the child has no other, and would wait forever for a lock that one held. The
    /// child is born into `group` in the unified hierarchy; the older ones it has to ``CgroupHandle/enter()``.
    public static func clone(
        into namespaces: Namespaces,
        group: borrowing CgroupHandle
    ) throws(SystemError) -> ProcessHandle? {
        precondition(threadCount() == 1, "clone with \(threadCount()) threads")
        var descriptor: CInt = -1
        let directory = group.unifiedNumber ?? -1
        let pid = try check("clone3", unsafe clinux_clone(namespaces.rawValue, directory, &descriptor))
        return pid == 0 ? nil : ProcessHandle(pid: pid, descriptor: Descriptor(owning: descriptor))
    }

    /// Forks this process; returns nil in the child. Threads and groups are as for ``clone(into:group:)``.
    ///
    /// - Throws: `EAGAIN` at the limit on processes, of the group or of the user.
    public static func fork(into group: borrowing CgroupHandle) throws(SystemError) -> ProcessHandle? {
        precondition(threadCount() <= 1, "fork with \(threadCount()) threads")
        let pid = try check("fork", group.unifiedNumber.map { clinux_fork_into_group($0) } ?? clinux_fork())
        guard pid != 0 else { return nil }
        return try ProcessHandle(of: pid)
    }

    /// Opens a process that is known to live: a child that this process has not reaped, or its own.
    public init(of pid: Int32) throws(SystemError) {
        self.init(pid: pid, descriptor: Descriptor(owning: try check("pidfd_open", clinux_pidfd_open(pid))))
    }

    private init(pid: Int32, descriptor: consuming Descriptor) {
        self.pid = pid
        self.descriptor = descriptor
    }

    /// Sends a signal to the process; does nothing if it has ended.
    public func signal(_ number: CInt) {
        _ = clinux_pidfd_send_signal(descriptor.number, number)
    }
}

/// Signals every process of the caller's process group `leader`.
public func signalGroup(ledBy leader: Int32, _ number: CInt) {
    _ = Glibc.kill(-leader, number)
}

/// As PID 1 of a namespace: kills everything else in it but the process `spared`, once; what is forked meanwhile may stay.
public func killOthers(sparing spared: Int32) {
    precondition(getpid() == 1, "only PID 1 may end everything else")
    for process in processes() where process != spared { _ = Glibc.kill(process, SIGKILL) }
}

/// As PID 1 of a namespace: how much processor time everything else in it has used, in microseconds.
///
/// A process that has ended counts once its parent, or this process, has reaped it. Source: proc(5), fields 14 to 17 of `stat`.
public func processorTimeOfOthers() -> UInt64 {
    let ticks = (processes() + [getpid()]).reduce(UInt64(0)) { sum, process in
        guard let line = try? Files.readText("/proc/\(process)/stat"), let close = line.lastIndex(of: ")") else {
            return sum
        }
        let fields = line[close...].split(separator: " ")
        // Of this process only the children that it has reaped.
        let counted = fields.dropFirst(process == getpid() ? 14 : 12).prefix(process == getpid() ? 2 : 4)
        return counted.reduce(sum) { $0 + (UInt64($1) ?? 0) }
    }
    return ticks * 1_000_000 / UInt64(sysconf(CInt(_SC_CLK_TCK)))
}

private func processes() -> [Int32] { Files.names(in: "/proc").compactMap { Int32($0) }.filter { $0 != getpid() } }

/// As PID 1 of a namespace: kills everything else in it, and reaps all of it.
///
/// - Throws: `SystemError`.
public func killAllOthers() throws(SystemError) {
    precondition(getpid() == 1, "only PID 1 may end everything else")
    _ = Glibc.kill(-1, SIGKILL)
    while true {
        do throws(SystemError) {
            _ = try waitForChild(-1, options: 0)
        } catch {
            guard error.code == ECHILD else { throw error }
            return
        }
    }
}

/// Reaps a child that has ended, without waiting: one of this process's own, or for PID 1 an orphan; nil if there is no
/// such child.
///
/// - Throws: `SystemError`; nil and not an error where there is no child.
public func reapChild() throws(SystemError) -> (pid: Int32, end: ProcessEnd)? {
    do throws(SystemError) {
        return try waitForChild(-1, options: WNOHANG)
    } catch {
        guard error.code == ECHILD else { throw error }
        return nil
    }
}

private func waitForChild(_ pid: Int32, options: CInt) throws(SystemError) -> (pid: Int32, end: ProcessEnd)? {
    var isSignaled: CInt = 0
    var value: CInt = 0
    var result: CInt
    repeat { result = unsafe clinux_wait(pid, options, &isSignaled, &value) } while result == -EINTR
    guard try check("waitpid", result) > 0 else { return nil }
    let byte = UInt8(truncatingIfNeeded: value)
    return (result, isSignaled != 0 ? .signaled(byte) : .exited(byte))
}

/// How many threads this process has.
public func threadCount() -> Int {
    guard let directory = unsafe opendir("/proc/self/task") else { return 0 }
    defer { unsafe closedir(directory) }
    var count = 0
    while unsafe readdir(directory) != nil { count += 1 }
    return count - 2  // Less `.` and `..`.
}
