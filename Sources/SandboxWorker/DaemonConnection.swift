internal import LinuxSystem
package import SandboxProtocol

/// The supervisor's side of the connection to the daemon: it never waits, and holds little.
///
/// A daemon that does not read fills ``hasRoom``: then the supervisor takes no more output, and the kernel makes its
/// writers wait (back-pressure).
package final class DaemonConnection {
    private let socket: Descriptor
    private var requests = FrameDecoder()
    private var unsent: [UInt8] = []

    /// From here on the supervisor takes no output until the daemon has read, in bytes.
    private static let unsentBytesMax = 1 << 18

    /// Takes over a connection that does not block.
    init(_ socket: consuming Descriptor) {
        self.socket = socket
    }

    /// Whether the daemon keeps up: output may be sent.
    package var hasRoom: Bool { unsent.count < DaemonConnection.unsentBytesMax }

    /// The socket, and what to wait for on it.
    var entry: PollEntry { PollEntry(socket.number, unsent.isEmpty ? .read : [.read, .write]) }

    /// Reads what there is; false at the end.
    func receive() throws(SystemError) -> Bool {
        guard let bytes = try socket.read(upTo: 1 << 16) else { return true }
        requests.append(bytes)
        return !bytes.isEmpty
    }

    /// The next request, nil while it has not arrived.
    func nextRequest() throws(FrameError) -> Frame? { try requests.next() }

    /// Keeps a frame until the next ``flush()`` sends it.
    package func send(_ event: Frame) { unsent += event.encoded }

    /// Sends as much as the daemon takes.
    func flush() throws(SystemError) {
        guard !unsent.isEmpty else { return }
        let sent = try socket.write(unsent[...])
        if sent == unsent.count {
            unsent.removeAll(keepingCapacity: sent < 1 << 16)
        } else {
            unsent.removeFirst(sent)
        }
    }
}
