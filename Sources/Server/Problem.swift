internal import HTTPTypes
internal import Hummingbird
internal import JSON

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

    var response: Response {
        Response(json: ["error": .string(sentence)], status: status, headers: headers)
    }
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
