import Glibc
import LinuxIsolation
import LinuxSystem
import TestSupport
import Testing

@Suite(.bounded) struct ChildReaperTests {
    @Test func `a child that this process did not fork itself is reported and leaves no zombie`() async throws {
        _ = try await #require(processExitsWith: .success) {
            let children = try ChildReaper()
            var pid: pid_t = 0
            let words = ["sh", "-c", "exit 7"]
            var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
            unsafe arguments.append(nil)
            precondition(unsafe posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, nil) == 0, "sh does not start")
            // Here other threads take the signal, so this one sends itself another when the child has ended.
            var about = unsafe siginfo_t()
            precondition(unsafe waitid(P_PID, id_t(pid), &about, WEXITED | WNOWAIT) == 0, "no child to wait for")
            raise(SIGCHLD)
            var entries = [PollEntry(children.descriptor.number, .read)]
            try LinuxSystem.poll(&entries, timeoutMicroseconds: 10_000_000)
            precondition(entries[0].ready.contains(.read), "nothing was reported")
            let reaped = try children.reap()
            precondition(reaped.map(\.pid) == [pid] && reaped.map(\.end) == [.exited(7)], "reaped: \(reaped)")
            precondition(kill(pid, 0) != 0 && errno == ESRCH, "a zombie is left")
            let rest = try children.reap()
            precondition(rest.isEmpty, "reaped twice: \(rest)")
        }
    }
}
