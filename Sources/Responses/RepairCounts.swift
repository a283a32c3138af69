internal import Harmony
internal import Synchronization

/// How often what the model wrote was repaired, by the code of the repair, since the gateway was made.
///
/// The codes are those of `Harmony.Diagnostic` and of calls; there are some dozens.
final class RepairCounts: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// The counts; a code without repairs is not there.
    var all: [String: Int] { counts.withLock(\.self) }

    func add(_ codes: [String]) {
        guard !codes.isEmpty else { return }
        counts.withLock { counts in
            for code in codes { counts[code, default: 0] += 1 }
        }
    }
}
