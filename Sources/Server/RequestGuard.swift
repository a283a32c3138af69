internal import HTTPTypes
internal import Hummingbird

/// Keeps web pages out that reach us through their visitor's browser.
///
/// A page of another site shows in `Origin`; one that had its own name resolve to our address shows in `Host`.
struct RequestGuard<Context: RequestContext>: RouterMiddleware {
    private let hosts: Set<String>
    private let origins: Set<String>
    private let loopback: Set = ["localhost", "127.0.0.1", "[::1]"]

    init(_ settings: ServerSettings) {
        let own = settings.hosts.map { $0.contains(":") ? "[\($0)]" : $0 }
        hosts = loopback.union((own + settings.allowedHosts).map { $0.lowercased() })
        origins = Set(settings.allowedOrigins.map { $0.lowercased() })
    }

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard isAllowed(host: request.head.authority ?? "") else {
            throw Problem(.misdirectedRequest, "This host name is not served; the server's settings can allow it.")
        }
        if let origin = request.headers[.origin], !isAllowed(origin: origin) {
            throw Problem(.forbidden, "Pages of this origin may not ask; the server's settings can allow it.")
        }
        return try await next(request, context)
    }

    private func isAllowed(host: String) -> Bool {
        hosts.contains("*") || hosts.contains(Self.withoutPort(host.lowercased()))
    }

    private func isAllowed(origin: String) -> Bool {
        let origin = origin.lowercased()
        if origins.contains("*") || origins.contains(origin) { return true }
        guard let scheme = origin.firstRange(of: "://") else { return false }
        return loopback.contains(Self.withoutPort(String(origin[scheme.upperBound...])))
    }

    private static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") else { return host }
        return String(host[..<colon])
    }
}
