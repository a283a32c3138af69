internal import LinuxIsolation
package import LinuxSystem

/// A supervisor's end of the descriptor socket between it and the pool.
///
/// The supervisor sends its ``SessionPlace``; the pool sends ends of pipes to other sessions (`DataRequest.connect`).
package final class PoolChannel {
    private let socket: Descriptor

    init(_ socket: consuming Descriptor) { self.socket = socket }

    /// The descriptor that the pool has sent last; nil if it has sent none since. Never waits.
    ///
    /// - Returns: A descriptor that the caller owns; those that were sent before it are closed.
    /// - Throws: `SystemError`, why the socket cannot be read.
    package func takeDescriptor() throws(SystemError) -> Descriptor? {
        var last: Descriptor?
        while let message = try UnixSocket.receiveIfThere(from: socket) {
            // Those before belong to a copy that never began.
            for number in message.descriptors { last = Descriptor(owning: number) }
        }
        return last
    }

    /// Sends where this session is.
    func sendPlace() throws(SystemError) { try SessionPlace.send(through: socket) }
}
