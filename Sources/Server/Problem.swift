internal import HTTPTypes
internal import Hummingbird
internal import JSON
internal import Logging

/// A request that is refused, with a sentence that says what to do instead.
struct Problem: Error {
    let status: HTTPResponse.Status
    let sentence: String
    let headers: HTTPFields

    init(_ status: HTTPResponse.Status, _ sentence: String, headers: HTTPFields = [:]) {
        self.status = status
        self.sentence = sentence
        self.headers = headers
    }

    /// The refusal of a method where only some are `allowed`.
    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        return Problem(.methodNotAllowed, "Only \(list) is possible here.", headers: [.allow: list])
    }

    /// Runs `body`; the problem of what it throws is thrown in its place, and the log has the error at `debug`.
    static func translating<Value, Failure: AnsweredError>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Problem) -> Value {
        do throws(Failure) {
            return try await body()
        } catch {
            Logger.current.debug("Request about files refused", metadata: ["error": "\(error)"])
            throw error.problem
        }
    }

    var response: Response {
        Response(json: ["error": .string(sentence)], status: status, headers: headers)
    }
}

/// What a session's files could not be used for, as it is answered.
protocol AnsweredError: Error {
    var problem: Problem { get }
}

extension Response {
    init(json: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        self.init(json: json.encoded(), status: status, headers: headers)
    }

    init(json: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }
}
