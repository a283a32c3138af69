import Glibc
import Testing

@testable import LinuxSystem

@Suite struct ChildEndsTests {
    @Test func `a child that this process did not fork itself is reported and leaves no zombie`() async throws {
        _ = try await #require(processExitsWith: .success) {
            let ends = try ChildEnds()
            var pid: pid_t = 0
            let words = ["sh", "-c", "exit 7"]
            var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
            unsafe arguments.append(nil)
            precondition(unsafe posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, nil) == 0, "sh does not start")
            // Here other threads take the signal, so this one sends itself another when the child has ended.
            var about = unsafe siginfo_t()
            precondition(unsafe waitid(P_PID, id_t(pid), &about, WEXITED | WNOWAIT) == 0, "no child to wait for")
            raise(SIGCHLD)
            var entries = [PollEntry(ends.descriptor.number, .read)]
            try LinuxSystem.poll(&entries, timeoutMicroseconds: 10_000_000)
            precondition(entries[0].ready.contains(.read), "nothing was told")
            let told = try ends.take()
            precondition(told.map(\.pid) == [pid] && told.map(\.end) == [.exited(7)], "told: \(told)")
            precondition(kill(pid, 0) != 0 && errno == ESRCH, "a zombie is left")
            let rest = try ends.take()
            precondition(rest.isEmpty, "told twice: \(rest)")
        }
    }
}
