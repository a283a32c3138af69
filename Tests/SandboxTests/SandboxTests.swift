import PythonProtocol
import Sandbox
import SandboxProtocol
import Sessions
import Synchronization
import TestSupport
import Testing

@Suite(.bounded) struct SandboxTests {
    private static let done = PythonEvent.finished(Outcome(end: .completed, stop: nil, microseconds: 1)).frame
    private let use = SessionUse(SessionID("a"))

    @Test func `a run reports its events in order, and its outcome`() async throws {
        try await FakeWorker.run { request in
            guard case .python(.run(let run)) = request else { return [] }
            let events = [PythonEvent.output(run.source), .output([1]), .restarted(.signaled(9))]
            return events.map(\.frame) + [Self.done]
        } body: { sandbox in
            let log = Log()
            let outcome = try await sandbox.run([7], in: use, timeLimit: .seconds(1)) { log.append($0) }
            #expect(outcome.end == .completed)
            #expect(log.texts == ["output [7]", "output [1]", "lost died(PythonProtocol.Outcome.Death.signaled(9))"])
            #expect(await sandbox.sessionCount == 1)
        }
    }

    @Test func `a supervisor that dies ends its run, and the next run hears of it once`() async throws {
        try await FakeWorker.run { request in
            guard case .python(.run(let run)) = request else { return [] }
            return run.source == [0] ? nil : [Self.done]
        } body: { sandbox in
            let error = await #expect(throws: SessionError.self) {
                try await sandbox.run([0], in: use, timeLimit: .seconds(1)) { _ in }
            }
            #expect(error?.code == .lost)
            for expected in [["lost session(Sessions.SessionLoss.lost)"], []] {
                let log = Log()
                _ = try await sandbox.run([1], in: use, timeLimit: .seconds(1)) { log.append($0) }
                #expect(log.texts == expected)
            }
        }
    }

    @Test func `a run that is cancelled is interrupted, and its outcome given`() async throws {
        let (started, starting) = AsyncStream<Never>.makeStream()
        try await FakeWorker.run { request in
            switch request {
            case .python(.run):
                starting.finish()
                return []
            case .python(.interrupt):
                return [PythonEvent.finished(Outcome(end: .raised, stop: .request, microseconds: 1)).frame]
            case .file: return []
            }
        } body: { sandbox in
            let run = Task { try await sandbox.run([1], in: use, timeLimit: .seconds(60)) { _ in } }
            for await _ in started {}
            run.cancel()
            let outcome = try await run.value
            #expect(outcome.stop == .request)
        }
    }

    @Test func `a session that is ended fails the run on it`() async throws {
        let (started, starting) = AsyncStream<Never>.makeStream()
        try await FakeWorker.run { _ in
            starting.finish()
            return []
        } body: { sandbox in
            let run = Task { try await sandbox.run([1], in: use, timeLimit: .seconds(60)) { _ in } }
            for await _ in started {}
            #expect(await sandbox.sessions.end(use.session))
            let error = await #expect(throws: SessionError.self) { try await run.value }
            #expect(error?.code == .ended)
        }
    }

    @Test func `without a worker, and for a source longer than a frame, nothing is run`() async throws {
        let sandbox = Sandbox { _ in "/nonexistent/socket" }
        let missing = await #expect(throws: SessionError.self) {
            try await sandbox.run([1], in: use, timeLimit: .seconds(1)) { _ in }
        }
        #expect(missing?.code == .unavailable)
        let long = await #expect(throws: SessionError.self) {
            let source = [UInt8](repeating: 0, count: Frame.payloadBytesMax)
            return try await sandbox.run(source, in: use, timeLimit: .seconds(1)) { _ in }
        }
        #expect(long?.code == .callTooLong)
    }
}

/// What a run reported.
final class Log: Sendable {
    private let kept = Mutex<[String]>([])

    var texts: [String] { kept.withLock { $0 } }

    func append(_ event: RunEvent) {
        let text =
            switch event {
            case .output(let bytes): "output \(bytes)"
            case .stateLost(let loss): "lost \(loss)"
            case .backgroundOutput(let bytes, let dropped): "background \(bytes) \(dropped)"
            case .rich(let rich): "rich \(rich.mimeType)"
            }
        kept.withLock { $0.append(text) }
    }
}
