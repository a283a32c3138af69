internal import HTTPTypes
internal import Hummingbird
internal import MCP
internal import PythonText
internal import Sessions

/// The session that a client's request is about.
enum SessionName {
    /// How long a name may be, in bytes.
    static let bytesMax = 256

    /// The session that `x-session-id` names, or else `session` in the URL; without either, that which ends with
    /// whatever has the identity `own`.
    ///
    /// Of several headers the last counts: a serving layer puts what its user wishes after what it wishes itself.
    static func key(of request: Request, client: String, own: String) throws(Problem) -> SessionKey {
        let headers = request.headers
        let name = headers[values: .clientSession].last ?? request.uri.queryParameters["session"].map { String($0) }
        return SessionKey(
            id: try name.map { name throws(Problem) in try checked(name) } ?? own,
            endsWithConnection: name == nil,
            network: headers[values: .sessionNetwork].last,
            image: headers[values: .sessionImage].last,
            client: client
        )
    }

    /// The session that the path `/v1/sessions/{session}` of a request names.
    static func inPath(of context: some RequestContext) throws(Problem) -> SessionID {
        guard let name = context.parameters.get("session")?.percentDecoded else {
            throw Problem(.badRequest, "The session in this address is not UTF-8.")
        }
        return SessionID(try checked(name))
    }

    /// The name, if it can be one.
    static func checked(_ name: String) throws(Problem) -> String {
        let isPrintable = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        guard !name.isEmpty, name.utf8.count <= bytesMax, isPrintable else {
            throw Problem(
                .badRequest,
                "The name of a session has to be 1 to \(bytesMax) bytes long, without control characters."
            )
        }
        return name
    }

    /// A name that cannot be guessed: 32 hexadecimal digits of 128 random bits.
    static func minted() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
