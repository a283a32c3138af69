import LinuxSystem
import SandboxProtocol

/// The supervisor's side of the connection to the daemon: never waits, and holds little.
struct DaemonConnection: ~Copyable {
    private let socket: Descriptor
    private var requests = FrameDecoder()
    private var unsent: [UInt8] = []

    /// From here on nothing is taken from the interpreter until the daemon has read, in bytes.
    private static let unsentBytesMax = 1 << 18

    /// Takes a connection that does not block.
    init(_ socket: consuming Descriptor) {
        self.socket = socket
    }

    var number: CInt { socket.number }
    var hasRoom: Bool { unsent.count < DaemonConnection.unsentBytesMax }
    var interests: PollEntry.Events { unsent.isEmpty ? .read : [.read, .write] }

    /// Reads what there is; false at the end.
    mutating func receive() throws(SystemError) -> Bool {
        guard let bytes = try socket.read(upTo: 1 << 16) else { return true }
        requests.append(bytes)
        return !bytes.isEmpty
    }

    mutating func nextRequest() throws(FrameError) -> Frame? { try requests.next() }

    /// Has an event sent, at the latest by the next ``flush()``.
    mutating func send(_ event: Frame) { unsent += event.encoded }

    /// Sends as much as the daemon takes.
    mutating func flush() throws(SystemError) {
        guard !unsent.isEmpty else { return }
        let sent = try socket.write(unsent[...])
        if sent == unsent.count {
            unsent.removeAll(keepingCapacity: sent < 1 << 16)
        } else {
            unsent.removeFirst(sent)
        }
    }
}
