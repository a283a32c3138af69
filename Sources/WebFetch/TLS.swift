internal import NIOCore
internal import NIOSSL

/// What a connection to a web site has to be safe from third parties.
struct TLS: Sendable {
    private let context: NIOSSLContext

    /// Trusts what this machine trusts, unless the caller names other roots.
    init(trustRoots: NIOSSLTrustRoots = .default) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.trustRoots = trustRoots
        configuration.applicationProtocols = ["http/1.1"]
        context = try NIOSSLContext(configuration: configuration)
    }

    /// A new connection's handler, which verifies that the other end is `host`.
    func makeHandler(for host: WebHost) throws -> NIOSSLClientHandler {
        // An address has no place in SNI; the certificate is compared with the address of the connection then.
        if case .name(let name) = host { return try NIOSSLClientHandler(context: context, serverHostname: name) }
        return try NIOSSLClientHandler(context: context, serverHostname: nil)
    }
}

/// Why there is no safe connection; nil if that is not what `error` is about.
func tlsFailure(_ error: any Error) -> FetchError? {
    switch error {
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: break
    default: return nil
    }
    let isUntrusted = "\(error)".contains("CERTIFICATE_VERIFY_FAILED") || error is NIOSSLExtraError
    let problem =
        isUntrusted
        ? "its certificate is not valid for it or not trusted here"
        : "no TLS of version 1.2 or later could be agreed on"
    return FetchError(.tls, "the server cannot be reached safely: \(problem)")
}

/// Whether the other end hung up without saying that it has nothing more to say.
func isUncleanShutdown(_ error: any Error) -> Bool {
    if case NIOSSLError.uncleanShutdown = error { return true }
    return false
}
