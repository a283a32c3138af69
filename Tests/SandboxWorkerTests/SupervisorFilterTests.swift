import Glibc
import LinuxIsolation
import LinuxSystem
import Seccomp
import TestSupport
import Testing

@testable import SandboxWorker

@Suite(.bounded) struct SupervisorFilterTests {
    @Test func `under its filter a supervisor does what it needs, and nothing that it does not`() async {
        await #expect(processExitsWith: .success) {
            // What is refused below is not refused for another reason.
            try ThisProcess.unshare([])
            try ThisProcess.forbidNewPrivileges()
            try SystemCallPolicy.supervisorFilter().install()
            expectRefusal { () throws(SystemError) in try ThisProcess.unshare([]) }
            expectRefusal { () throws(SystemError) in try ThisProcess.forbidNewPrivileges() }
            expectRefusal { () throws(SystemError) in try ThisProcess.setHostName("other") }
            expectRefusal { () throws(SystemError) in try Mounts.bind("/tmp", at: "/tmp") }
            expectRefusal { () throws(SystemError) in try ThisProcess.execute(["/bin/true"]) }
            let pipe = try Pipe()
            try pipe.writeEnd.writeAll([1])
            guard try Files.read("/proc/self/stat").isEmpty == false else { fatalError("it does not read") }
        }
    }
}

private func expectRefusal(_ body: () throws(SystemError) -> Void) {
    do throws(SystemError) {
        try body()
        fatalError("it was not refused")
    } catch {
        guard error.code == ENOSYS else { fatalError("\(error)") }
    }
}
