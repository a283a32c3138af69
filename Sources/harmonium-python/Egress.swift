import LinuxSystem
import SandboxProtocol

/// How sessions reach the network: by a socket on their loopback whose connections the daemon accepts.
///
/// The session has no way out of its own; the socket is made inside and handed out, and the daemon decides.
final class Egress {
    /// Where the proxy is, in every session.
    static let port: UInt16 = 3128

    private let mailbox: Descriptor

    /// Sends to the daemon's mailbox at `path`.
    init(mailbox path: String) throws(SystemError) {
        mailbox = try UnixSocket.connectMailbox(to: path)
    }

    /// The descriptor to keep.
    var number: CInt { mailbox.number }

    /// Makes the socket in this process's network namespace and hands it out, with a token to know it by.
    func open() throws(SystemError) -> [UInt8] {
        let token = try randomBytes(SessionEvent.tokenBytes)
        let listener = try UnixSocket.listenOnLoopback(port: Egress.port)
        try UnixSocket.send([listener.number], with: token, through: mailbox)
        return token
    }
}
