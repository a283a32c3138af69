import LinuxSystem
import SandboxWorker
import TestSupport
import Testing

@Suite(.bounded) struct OutputRelayTests {
    @Test func `of background output the tail is kept, and the rest is counted`() throws {
        let pipe = try Pipe()
        try pipe.readEnd.setNonBlocking()
        var relay = OutputRelay()
        for byte in UInt8(0)..<3 {
            try pipe.writeEnd.writeAll([UInt8](repeating: byte, count: 10_000))
            try relay.collectBackground(from: pipe.readEnd)
        }
        let taken = relay.takeBackground()
        let (tail, dropped) = try #require(taken)
        #expect(tail.count == 16_384 && dropped == 30_000 - 16_384)
        #expect(tail.suffix(10_000).allSatisfy { $0 == 2 } && tail.first == 1)
        let rest = relay.takeBackground()
        #expect(rest == nil)
    }

    @Test func `after a short piece there is a pause, and a new run ends it`() throws {
        let pipe = try Pipe()
        try pipe.readEnd.setNonBlocking()
        var relay = OutputRelay()
        let now = monotonicMicroseconds()
        #expect(relay.isDue(at: now) && relay.nextTime(from: now) == nil)
        try pipe.writeEnd.writeAll([1])
        let piece = try relay.read(from: pipe.readEnd)
        #expect(piece == [1])
        #expect(!relay.isDue(at: now))
        relay.restart()
        #expect(relay.isDue(at: now))
    }

    @Test func `nothing yet is not the end`() throws {
        let pipe = try Pipe()
        try pipe.readEnd.setNonBlocking()
        var relay = OutputRelay()
        let nothing = try relay.read(from: pipe.readEnd)
        #expect(nothing == nil)
        let reader = pipe.intoReadEnd()
        let end = try relay.read(from: reader)
        #expect(end == [])
    }
}
