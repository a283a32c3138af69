internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging

/// Keeps web pages out that reach us through their visitor's browser, and lets those in that may ask.
///
/// A page of another site shows in `Origin`; one that had its own name resolve to our address shows in `Host`.
struct RequestGuard: RouterMiddleware {
    private let hosts: Set<String>
    private let origins: AllowedOrigins
    private let refusals = SparseLog("Host is not served; http.allowed-hosts can allow it")

    init(_ settings: ServerSettings) {
        let own = settings.hosts.map { $0.contains(":") ? "[\($0)]" : $0 }
        hosts = AllowedOrigins.loopback.union((own + settings.allowedHosts).map { $0.lowercased() })
        origins = AllowedOrigins(settings)
    }

    func handle(
        _ request: Request,
        context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do throws(Problem) {
            try checkHost(of: request, context)
        } catch {
            return error.response
        }
        if request.uri.path == "/readyz", !isServed(request) {
            return RequestGuard.bare(try await next(request, context))
        }
        guard let origin = request.headers[.origin] else { return try await next(request, context) }
        guard origins.contains(origin) else { return RequestGuard.foreignOrigin.response }
        var response =
            if request.method == .options, let answer = AllowedOrigins.preflight(request.headers) {
                Response(status: .noContent, headers: answer)
            } else {
                try await next(request, context)
            }
        response.headers.append(contentsOf: AllowedOrigins.headers(for: origin))
        return response
    }

    private func checkHost(of request: Request, _ context: ServerContext) throws(Problem) {
        // The first became the authority.
        guard !request.headers.contains(.host) else {
            throw Problem(.badRequest, "A request has one Host.", headers: [.connection: "close"])
        }
        // Probes come by an address, or with no name at all.
        guard !isProbe(request), !isServed(request) else { return }
        let host = request.head.authority ?? ""
        refusals.say(["host": "\(host.prefix(100))", "peer": "\(context.peer)"], to: context.logger)
        throw Problem(
            .misdirectedRequest,
            "This host name is not served. The setting http.allowed-hosts allows more names than local ones."
        )
    }

    private func isProbe(_ request: Request) -> Bool { ["/healthz", "/readyz"].contains(request.uri.path) }

    private func isServed(_ request: Request) -> Bool {
        hosts.contains("*") || hosts.contains((request.head.authority ?? "").lowercased().withoutPort)
    }

    /// What a probe needs of an answer: a page whose name came to mean our address can ask for it too, and learns no more.
    private static func bare(_ response: Response) -> Response {
        Response(json: ["ready": .bool(response.status == .ok)], status: response.status)
    }

    private static let foreignOrigin = Problem(
        .forbidden,
        "Pages of this origin may not ask. The setting http.allowed-origins allows more than local ones."
    )
}
