import Glibc
import LinuxSystem
import TestSupport
import Testing

@Suite(.bounded) struct DescriptorTests {
    @Test func `what goes into a pipe comes out, then the end`() throws {
        let pipe = try Pipe()
        try pipe.writeEnd.writeAll([1, 2, 3])
        #expect(try pipe.readEnd.read(upTo: 10) == [1, 2, 3])
        let reader = pipe.intoReadEnd()
        #expect(try reader.read(upTo: 10) == [])
    }

    @Test func `a file in memory is read from its start`() throws {
        let file = try Descriptor.memory(named: "test", holding: [1, 2, 3])
        #expect(try file.read(upTo: 10) == [1, 2, 3])
        #expect(try file.read(upTo: 10) == [])
    }

    @Test func `a descriptor that must not wait says so`() throws {
        let pair = try UnixSocket.makePair()
        try pair.first.setNonBlocking()
        #expect(try pair.first.read(upTo: 1) == nil)
        var sent = 0
        let block = [UInt8](repeating: 0, count: 1 << 16)[...]
        while case let count = try pair.first.write(block), count > 0 { sent += count }
        #expect(sent > 0)
    }

    @Test func `a descriptor is closed when its owner lets go`() throws {
        let number: CInt
        do {
            let pipe = try Pipe()
            number = pipe.readEnd.number
            #expect(fcntl(number, F_GETFD) >= 0)
        }
        #expect(fcntl(number, F_GETFD) == -1)
    }

    @Test func `closing all but some keeps those`() async {
        await #expect(processExitsWith: .success) {
            let pair = try UnixSocket.makePair()
            let other = try Pipe()
            let kept = try pair.first.duplicate(from: 100)
            try closeDescriptors(from: 3, except: [kept.number])
            #expect(fcntl(kept.number, F_GETFD) >= 0)
            #expect(fcntl(other.readEnd.number, F_GETFD) == -1)
            #expect(fcntl(pair.second.number, F_GETFD) == -1)
            // Nothing of what is closed may be closed again.
            ThisProcess.exit(0)
        }
    }

    @Test func `a failed call names itself and the reason`() {
        #expect(throws: SystemError("open /no/such/file", code: ENOENT)) {
            _ = try Descriptor.open("/no/such/file", flags: O_RDONLY)
        }
        #expect("\(SystemError("pipe2", code: EMFILE))" == "pipe2: Too many open files")
    }

    @Test func `a path too long for a socket is refused`() {
        #expect(throws: SystemError.self) {
            _ = try UnixSocket.listen(at: "/tmp/" + String(repeating: "x", count: 200))
        }
    }

    @Test func `waiting ends when a descriptor is ready and when time is up`() throws {
        let pipe = try Pipe()
        var entries = [PollEntry(pipe.readEnd.number, .read)]
        try poll(&entries, timeoutMicroseconds: 1000)
        #expect(entries[0].ready.isEmpty)
        try pipe.writeEnd.writeAll([1])
        try poll(&entries, timeoutMicroseconds: nil)
        #expect(entries[0].ready.contains(.read))
    }
}
