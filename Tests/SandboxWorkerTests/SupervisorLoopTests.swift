import Glibc
import LinuxIsolation
import LinuxSystem
import SandboxProtocol
import TestSupport
import Testing

@testable import SandboxWorker

/// The loop over a real socket, with work that sends every request back. It reaps all children, so it has a process of its
/// own in each test.
@Suite(.bounded) struct SupervisorLoopTests {
    @Test func `a request of the tool's reaches the work, and the answer the daemon`() async {
        await #expect(processExitsWith: .success) {
            let answers = try serve([Frame(kind: 40, payload: [1, 2]), Frame(kind: 41, payload: [])])
            #expect(answers == [Frame(kind: 40, payload: [1, 2]), Frame(kind: 41, payload: [])])
        }
    }

    @Test func `a request about files does not reach the work`() async {
        await #expect(processExitsWith: .success) {
            let answers = try serve([FileRequest.read(path: Array("no such file".utf8)).frame])
            #expect(try answers.map { try SessionEvent($0) } == [.file(.ended(errno: ENOENT))])
        }
    }

    @Test func `a deadline of the work's ends a wait in which nothing comes`() async {
        await #expect(processExitsWith: .success) {
            let sockets = try UnixSocket.makePair()
            var loop = try makeLoop(on: sockets.first, Echo(deadline: monotonicMicroseconds() + 20_000))
            do {
                try loop.serve()
                fatalError("it ended without the deadline")
            } catch is Echo.DeadlinePassed {}
        }
    }

    @Test func `a frame that is cut short by the end is no request`() async {
        await #expect(processExitsWith: .success) {
            let sockets = try UnixSocket.makePair()
            try sockets.second.writeAll(Frame(kind: 40, payload: [1, 2]).encoded.dropLast())
            shutdown(sockets.second.number, CInt(SHUT_WR))
            var loop = try makeLoop(on: sockets.first, Echo())
            try loop.serve()
            try sockets.second.setNonBlocking()
            #expect(try sockets.second.read(upTo: 100) == nil)
        }
    }
}

/// Serves requests to their end, and gives what the daemon reads then.
private func serve(_ requests: [Frame]) throws -> [Frame] {
    let sockets = try UnixSocket.makePair()
    for request in requests { try sockets.second.writeAll(request.encoded) }
    shutdown(sockets.second.number, CInt(SHUT_WR))
    var loop = try makeLoop(on: sockets.first, Echo())
    try loop.serve()
    try sockets.second.setNonBlocking()
    var decoder = FrameDecoder()
    while let bytes = try sockets.second.read(upTo: 1 << 16), !bytes.isEmpty { decoder.append(bytes) }
    var answers: [Frame] = []
    while let frame = try decoder.next() { answers.append(frame) }
    return answers
}

private func makeLoop(on socket: borrowing Descriptor, _ work: Echo) throws -> SupervisorLoop<Echo> {
    let own = try socket.duplicate(from: 3)
    try own.setNonBlocking()
    let daemon = DaemonConnection(own)
    var work = work
    work.daemon = daemon
    return SupervisorLoop(
        daemon: daemon,
        files: FileService(owner: 0),
        memory: SessionMemory(of: CgroupHandle(), limit: .max),
        work: work
    )
}

/// Sends every request back.
private struct Echo: SupervisedWork {
    struct DeadlinePassed: Error {}

    var daemon: DaemonConnection?
    var deadline: UInt64?

    var isRunning: Bool { false }
    func dueTime(from now: UInt64) -> UInt64? { deadline }
    func entries(at now: UInt64) -> [PollEntry] { [] }
    func handle(ready: [PollEntry.Events]) {}
    func handle(_ request: Frame) { daemon?.send(request) }
    func keepTime(at now: UInt64) throws {
        if let deadline, deadline <= now { throw DeadlinePassed() }
    }
    func killForMemory() {}
    /// Says that it has.
    func reopenData() { daemon?.send(Frame(kind: 99, payload: [])) }
    func handleEnd(of child: Int32, _ end: ProcessEnd) {}
}
