internal import NetworkAccess

/// How a message says where its body ends.
enum BodyFraming: Equatable, Sendable {
    case none
    case length(Int)
    case chunked
    case untilClose

    /// Reads it off the fields; nil if they contradict each other or say what we do not know.
    init?(_ fields: HeaderFields) {
        let encodings = fields["transfer-encoding"]
        let lengths = fields["content-length"]
        switch (encodings.count, lengths.count) {
        case (0, 0): self = .untilClose
        case (1, 0):
            guard encodings[0].lowercased() == "chunked" else { return nil }
            self = .chunked
        case (0, 1):
            guard lengths[0].utf8.allSatisfy(\.isDigit), lengths[0].utf8.count <= 18, let length = Int(lengths[0])
            else { return nil }
            self = .length(length)
        default: return nil
        }
    }

    /// How many bytes the body has, where that is known.
    var length: Int? {
        switch self {
        case .none: 0
        case .length(let length): length
        case .chunked, .untilClose: nil
        }
    }
}
