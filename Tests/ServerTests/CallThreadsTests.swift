import Synchronization
import TestSupport
import Testing

@testable import Server

// One after the other: each keeps one of the few threads busy.
@Suite(.bounded, .serialized) struct CallThreadsTests {
    @Test(arguments: [
        (CallThreads.Owner.session("b"), "other first", Duration.seconds(60)),
        (.peer("127.0.0.1"), "other first", .seconds(60)), (.session("peer 127.0.0.1"), "busy first", .seconds(1)),
    ])
    func `work waits for that of its own lane, and a session's name leads into no peer's`(
        other: CallThreads.Owner,
        order: String,
        patience: Duration
    ) async {
        let first = First()
        let begun = Gate()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await CallThreads.shared.run(for: .session("peer 127.0.0.1")) {
                    begun.open()
                    // Computes until the other is done, or for long enough to be sure that it waits.
                    let end = ContinuousClock.now + patience
                    while first.name.withLock(\.isEmpty), ContinuousClock.now < end {}
                    first.name.withLock { $0 = $0.isEmpty ? "busy first" : $0 }
                }
            }
            await begun.wait()
            group.addTask {
                await CallThreads.shared.run(for: other) {
                    first.name.withLock { $0 = $0.isEmpty ? "other first" : $0 }
                }
            }
        }
        #expect(first.name.withLock(\.self) == order)
    }
}

/// Who was first.
private final class First: Sendable {
    let name = Mutex("")
}
