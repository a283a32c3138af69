package import LinuxSystem
internal import SandboxProtocol

/// How a session reaches the network: by a socket on its loopback whose connections the daemon accepts.
///
/// The session has no other way out. The supervisor opens the socket in the session's network namespace and passes it to
/// the daemon (`SCM_RIGHTS`), which decides what goes through.
package final class SessionProxy {
    /// Where the proxy is, in every session.
    private static let port: UInt16 = 3128

    private let daemon: Descriptor

    /// Passes sockets to the daemon's descriptor socket at `path`.
    ///
    /// - Throws: `SystemError`, `ENOENT` or `ECONNREFUSED` if the daemon does not listen there.
    package init(daemonAt path: String) throws(SystemError) {
        daemon = try UnixSocket.connectDescriptorSocket(to: path)
    }

    /// The descriptor to keep.
    var number: CInt { daemon.number }

    /// Opens the socket in this process's network namespace and passes it on, with a token to know it by.
    func open() throws(SystemError) -> [UInt8] {
        let token = try randomBytes(SessionEvent.tokenBytes)
        let listener = try UnixSocket.listenOnLoopback(port: SessionProxy.port)
        try UnixSocket.send([listener.number], with: token, through: daemon)
        return token
    }

    /// How programs find the proxy; in lower case for those that read nothing else.
    package static let environment: [(name: String, value: String)] =
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"].map {
            (name: $0, value: "http://127.0.0.1:\(port)")
        } + ["NO_PROXY", "no_proxy"].map { (name: $0, value: "localhost,127.0.0.1,::1") }
}
