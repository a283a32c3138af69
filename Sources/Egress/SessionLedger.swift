internal import Synchronization

/// What all connections of one session have taken together.
final class SessionLedger: Sendable {
    private struct Account {
        var connections = 0
        var bytesLeft: Int
        /// What was allowed has its own, so that nothing drowns it.
        var allowedAudits: AuditBudget
        var otherAudits: AuditBudget
    }

    private let connectionsMax: Int
    private let account: Mutex<Account>

    init(_ limits: EgressLimits) {
        connectionsMax = limits.connectionsMax
        account = Mutex(
            Account(
                bytesLeft: limits.sessionBytesMax,
                allowedAudits: AuditBudget(limits),
                otherAudits: AuditBudget(limits)
            )
        )
    }

    /// Bytes that may still be transferred.
    var bytesLeft: Int { account.withLock(\.bytesLeft) }

    /// Counts one more connection, unless there are as many as may be.
    func open() -> Bool {
        account.withLock { account in
            guard account.connections < connectionsMax else { return false }
            account.connections += 1
            return true
        }
    }

    /// Counts one fewer.
    func close() {
        account.withLock { $0.connections -= 1 }
    }

    /// Whether a connection that ended so is audited, and how many before it were not; nil if it is not either.
    func audit(_ verdict: EgressRecord.Verdict) -> Int? {
        account.withLock { verdict == .allowed ? $0.allowedAudits.take() : $0.otherAudits.take() }
    }

    /// How many connections were not audited, and in no record since.
    var leftOutCount: Int { account.withLock { $0.allowedAudits.leftOutCount + $0.otherAudits.leftOutCount } }

    /// Takes up to `wanted` bytes, and says how many it got.
    func take(_ wanted: Int) -> Int {
        account.withLock { account in
            let taken = min(wanted, account.bytesLeft)
            account.bytesLeft -= taken
            return taken
        }
    }
}
