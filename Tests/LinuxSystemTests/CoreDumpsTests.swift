import LinuxSystem
import TestSupport
import Testing

@Suite(.bounded) struct CoreDumpsTests {
    @Test(
        arguments: [
            ("core", .file), ("/var/core/%e", .file), ("", .file), ("|/usr/lib/systemd/systemd-coredump %P", .program),
            ("@/run/cores.sock", .socket), ("@@/run/systemd/coredump.socket", .socket),
        ] as [(String, CoreDumps.Receiver)]
    )
    func `a pattern tells who gets the memory of a crash`(pattern: String, receiver: CoreDumps.Receiver) {
        #expect(CoreDumps.receiver(ofPattern: pattern) == receiver)
    }

    @Test func `with cores refused no program gets them, and a program of ours can do so too`() async throws {
        await #expect(processExitsWith: .success) {
            try CoreDumps.refuse()
            guard CoreDumps.areRefused || CoreDumps.receiver == .socket else { fatalError("not refused") }
        }
    }
}
