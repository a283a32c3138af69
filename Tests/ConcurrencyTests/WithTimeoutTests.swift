import Concurrency
import Synchronization
import TestSupport
import Testing

@Suite(.bounded) struct WithTimeoutTests {
    @Test func `what ends in time gives its value`() async throws {
        #expect(try await withTimeout(.seconds(60)) { 7 } == 7)
    }

    @Test func `what is late gives nothing, and is cancelled and waited for`() async throws {
        let wasCancelled = Mutex(false)
        let value = try await withTimeout(.milliseconds(1)) {
            await untilCancelled()
            wasCancelled.withLock { $0 = Task.isCancelled }
            return 7
        }
        #expect(value == nil)
        #expect(wasCancelled.withLock { $0 })
    }

    @Test func `it waits for as long as it is asked to`() async throws {
        let waited = Mutex<Duration?>(nil)
        let value: Void? = try await withTimeout(.seconds(3), sleep: { duration in waited.withLock { $0 = duration } })
        {
            await untilCancelled()
        }
        #expect(value == nil)
        #expect(waited.withLock { $0 } == .seconds(3))
    }

    @Test func `what fails in time fails`() async throws {
        await #expect(throws: Failure.self) { try await withTimeout(.seconds(60)) { throw Failure() } }
    }

    @Test func `a caller that is cancelled cancels the body`() async throws {
        let (started, starting) = AsyncStream<Never>.makeStream()
        let call = Task {
            try await withTimeout(.seconds(3600)) {
                starting.finish()
                await untilCancelled()
                try Task.checkCancellation()
            }
        }
        for await _ in started {}
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
    }
}

@Suite(.bounded) struct CancellingTests {
    @Test func `an operation that ends by itself gives its value`() async {
        let (signal, signaling) = AsyncStream<Never>.makeStream()
        #expect(await cancelling(when: signal) { 7 } == 7)
        signaling.finish()
    }

    @Test func `the end of the signal cancels the operation, whose value is kept`() async {
        let (signal, signaling) = AsyncStream<Never>.makeStream()
        let isCancelled = await cancelling(when: signal) {
            signaling.finish()
            await untilCancelled()
            return Task.isCancelled
        }
        #expect(isCancelled)
    }

    @Test func `a caller that is cancelled cancels the operation`() async {
        let (signal, signaling) = AsyncStream<Never>.makeStream()
        let (started, starting) = AsyncStream<Never>.makeStream()
        let call = Task {
            await cancelling(when: signal) {
                starting.finish()
                await untilCancelled()
                return Task.isCancelled
            }
        }
        for await _ in started {}
        call.cancel()
        #expect(await call.value)
        signaling.finish()
    }
}

private struct Failure: Error {}

/// Returns once the task is cancelled.
private func untilCancelled() async {
    let (never, continuation) = AsyncStream<Never>.makeStream()
    for await _ in never {}
    withExtendedLifetime(continuation) {}
}
