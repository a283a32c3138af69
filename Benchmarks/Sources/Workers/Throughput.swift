internal import Glibc
internal import Reporting

/// A session that makes one call after the other.
package protocol BusySession: AnyObject {
    /// The descriptor to wait for.
    var descriptor: CInt { get }

    /// Asks for a call without waiting for it.
    func startCall() throws

    /// Reads once, and says whether the call is over.
    func advanceCall() throws -> Bool
}

/// Many sessions at once, waited for with one `poll`.
package enum Throughput {
    /// Opens `sessionCount` sessions, makes `callCount` calls in each, closes them; completed calls per second.
    package static func callsPerSecond(
        sessionCount: Int,
        callCount: Int,
        open: () throws -> some BusySession
    ) throws -> Double {
        let taken = try milliseconds {
            var members = try (0..<sessionCount).map { _ in
                let session = try open()
                try session.startCall()
                return (session: session, callsLeft: callCount)
            }
            while !members.isEmpty {
                var polled = members.map { pollfd(fd: $0.session.descriptor, events: Int16(POLLIN), revents: 0) }
                guard poll(&polled, nfds_t(polled.count), 60_000) > 0 else {
                    throw BenchError("no session says anything")
                }
                for index in members.indices where polled[index].revents != 0 {
                    guard try members[index].session.advanceCall() else { continue }
                    members[index].callsLeft -= 1
                    if members[index].callsLeft > 0 { try members[index].session.startCall() }
                }
                // Those that are done close their connection by going.
                members.removeAll { $0.callsLeft == 0 }
            }
        }
        return Double(sessionCount * callCount) / taken * 1000
    }
}
