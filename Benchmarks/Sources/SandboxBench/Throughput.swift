import Glibc
import Reporting

/// Many sessions at once, waited for with one `poll`.
enum Throughput {
    /// Opens `sessionCount` sessions, runs `callCount` light cells in each, closes them; completed calls per second.
    static func callsPerSecond(path: String, sessionCount: Int, callCount: Int) throws -> Double {
        let taken = try milliseconds {
            let crowd = Crowd(path: path, callCount: callCount)
            try crowd.open(sessionCount)
            try crowd.finish()
        }
        return Double(sessionCount * callCount) / taken * 1000
    }
}

/// Sessions with the calls that each still has to do.
private final class Crowd {
    private let path: String
    private let callCount: Int
    private var members: [Member] = []

    init(path: String, callCount: Int) {
        self.path = path
        self.callCount = callCount
    }

    func open(_ count: Int) throws {
        for _ in 0..<count {
            let member = Member(session: try Session(path: path), callsLeft: callCount)
            try member.session.start(Cell.light.source)
            members.append(member)
        }
    }

    func finish() throws {
        while !members.isEmpty {
            var polled = members.map { pollfd(fd: $0.session.descriptor, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, nfds_t(polled.count), 60_000) > 0 else { throw BenchError("no session says anything") }
            for (member, entry) in zip(members, polled) where entry.revents != 0 {
                try member.advance()
            }
            // Those that are done close their connection by going.
            members.removeAll { $0.callsLeft == 0 }
        }
    }
}

private final class Member {
    let session: Session
    var callsLeft: Int

    init(session: Session, callsLeft: Int) {
        self.session = session
        self.callsLeft = callsLeft
    }

    func advance() throws {
        guard try session.advance().isFinished else { return }
        callsLeft -= 1
        if callsLeft > 0 { try session.start(Cell.light.source) }
    }
}
