internal import HTTPTypes
internal import MCP

/// The session a client names in its headers.
enum SessionName {
    /// How long a name may be, in bytes.
    static let bytesMax = 256

    /// The value of `x-session-id`; nil without one.
    ///
    /// Of several the last counts: a serving layer puts what its user wishes after what it wishes itself.
    static func named(in headers: HTTPFields) throws(Problem) -> SessionKey? {
        guard let name = headers[values: .clientSession].last else { return nil }
        return SessionKey(id: try checked(name), endsWithConnection: false)
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

    /// A name that nobody can guess: 32 hexadecimal digits.
    static func minted() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
