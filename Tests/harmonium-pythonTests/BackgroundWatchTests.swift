import TestSupport
import Testing

@testable import harmonium_python

@Suite(.bounded) struct BackgroundWatchTests {
    private static let second: UInt64 = 1_000_000

    /// What a watch that allows 10 s wants ended, second by second after a run, where `used` says how much was used by then.
    private static func excesses(_ used: [UInt64]) -> [BackgroundWatch.Excess?] {
        var watch = BackgroundWatch(limit: 10 * second)
        watch.endRun(at: 0)
        return used.enumerated().map { index, used in
            watch.excess(at: UInt64(index + 1) * second) { used * second }
        }
    }

    @Test func `what computes for less than the limit goes on, however much was used before`() {
        #expect(Self.excesses([500, 505, 509, 510, 510, 510]) == [nil, nil, nil, nil, nil, nil])
    }

    @Test func `processes are ended first, and the interpreter only if that does not help`() {
        #expect(Self.excesses([500, 511, 511, 511, 522]) == [nil, .processes, nil, nil, .processes])
        #expect(Self.excesses([500, 511, 512]) == [nil, .processes, .interpreter])
    }

    @Test func `time that is no longer known lets nothing be ended`() {
        #expect(Self.excesses([500, 300, 200, 505]) == [nil, nil, nil, nil])
    }

    @Test func `nothing is looked at while a cell runs`() {
        var watch = BackgroundWatch(limit: 1)
        watch.endRun(at: 0)
        watch.stop()
        #expect(watch.dueTime == .max)
        #expect(watch.excess(at: 100 * Self.second) { 100 * Self.second } == nil)
    }

    @Test func `a session that does nothing is looked at seldom`() {
        var watch = BackgroundWatch(limit: 600 * Self.second)
        watch.endRun(at: 0)
        #expect(watch.dueTime == Self.second)
        for _ in 0..<2 { _ = watch.excess(at: watch.dueTime) { 0 } }
        #expect(watch.dueTime > 10 * Self.second)
    }
}
