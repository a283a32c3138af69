/// How many of a session's connections have a line of their own in the log: a session must not fill it.
struct AuditBudget {
    private let burstMax: Double
    private let perSecond: Double
    private var left: Double
    private var last: ContinuousClock.Instant
    /// How many have had none since the last that had one.
    private(set) var leftOutCount = 0

    init(_ limits: EgressLimits, now: ContinuousClock.Instant = .now) {
        burstMax = Double(limits.auditBurstMax)
        perSecond = Double(limits.auditsPerMinuteMax) / 60
        left = burstMax
        last = now
    }

    /// Whether one more has a line, and how many before it had none; nil if it has none either.
    mutating func take(now: ContinuousClock.Instant = .now) -> Int? {
        left = min(burstMax, left + (now - last) / .seconds(1) * perSecond)
        last = now
        guard left >= 1 else {
            leftOutCount += 1
            return nil
        }
        left -= 1
        defer { leftOutCount = 0 }
        return leftOutCount
    }
}
