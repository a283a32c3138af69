internal import HTTPTypes
internal import Hummingbird
internal import Logging

/// Turns every error into a sentence.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    /// The names of the tool namespaces.
    let namespaces: [String]
    private let planned = ["python", "browser", "container"]

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response
        } catch let error as HTTPError where error.status == .notFound {
            return notFound(request.uri.path).response
        } catch let error as HTTPError {
            return Problem(error.status, error.body ?? error.status.reasonPhrase, headers: error.headers).response
        } catch {
            // Also for a client that went away in the middle of its request, and will not read this.
            context.logger.debug("Request failed", metadata: ["error": "\(error)"])
            return Problem(.internalServerError, "The request failed. Try again in a moment.").response
        }
    }

    private func notFound(_ path: String) -> Problem {
        let name = String(path.split(separator: "/").first ?? "")
        if planned.contains(name), !namespaces.contains(name) {
            return Problem(.notFound, "The tool `\(name)` is not part of this build yet.")
        }
        return Problem(.notFound, "There is nothing here. There are: \(endpoints.joined(separator: ", ")).")
    }

    private var endpoints: [String] {
        ["/", "/healthz", "/readyz"] + namespaces.flatMap { ["/\($0)/sse", "/\($0)/mcp"] }
    }
}
