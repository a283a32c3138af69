/// Bounds the processor time that threads and processes take which cells have left running.
///
/// Time counts from the end of a run to the beginning of the next. It is looked at seldom where little of it is used.
struct BackgroundWatch {
    /// What is to be ended.
    enum Excess {
        /// Every process but the interpreter, with which the variables would go.
        case processes
        /// The interpreter too, for that was not enough.
        case interpreter
    }

    private enum State {
        /// A cell runs, or nothing is left that could compute.
        case off
        case starting
        case counting(from: UInt64)
        /// The processes have been ended, and what is left shows whether it was they.
        case ending(from: UInt64)
    }

    /// In microseconds.
    private let limit: UInt64
    private var state = State.off
    /// When to look again; `.max` for never.
    private(set) var dueTime = UInt64.max

    /// Looks are this far apart at least.
    private static let pauseMicroseconds: UInt64 = 1_000_000
    /// An interpreter that uses half a processor after its processes were ended is what computes.
    private static let stillBusyMicroseconds = pauseMicroseconds / 2
    /// More processors than a machine has: while so many take what is left of the limit, no look is missed.
    private static let processorsMax: UInt64 = 64

    /// Lets them take `limit` microseconds.
    init(limit: UInt64) { self.limit = limit }

    /// Looks no more: a cell runs, or nothing is left that could compute.
    mutating func stop() { (state, dueTime) = (.off, .max) }

    mutating func endRun(at now: UInt64) { (state, dueTime) = (.starting, now + Self.pauseMicroseconds) }

    /// What is to be ended now; `processorTime` is what the session has used by now, in microseconds.
    mutating func excess(at now: UInt64, processorTime: () -> UInt64) -> Excess? {
        guard now >= dueTime else { return nil }
        let used = processorTime()
        dueTime = now + Self.pauseMicroseconds
        switch state {
        case .off:
            dueTime = .max
            return nil
        case .starting: state = .counting(from: used)
        case .counting(let start):
            // Of processes that have gone the time may no longer be known.
            let taken = used > start ? used - start : 0
            if taken > limit {
                state = .ending(from: used)
                return .processes
            }
            dueTime = now + max(Self.pauseMicroseconds, (limit - taken) / Self.processorsMax)
        case .ending(let start):
            state = .counting(from: used)
            if used > start + Self.stillBusyMicroseconds { return .interpreter }
        }
        return nil
    }
}
