internal import Digest
internal import JSON
internal import Tokenizer

/// A call's output as tokens, on their way to a client that asked for them: ids are given out as soon as they are certain,
/// and all together are exactly the ordinary encoding of the text.
struct OutputTokens {
    /// How ids stand in a message.
    enum Form: Equatable {
        /// As numbers.
        case list
        /// As base64 of little-endian 32-bit words, in a third of the space.
        case base64

        /// What a client asks for with the member `tokenIds`; nil if it asks for none.
        init?(_ wish: JSONValue?) {
            switch wish {
            case .bool(true): self = .list
            case .string("base64"): self = .base64
            default: return nil
            }
        }
    }

    private let form: Form
    private let encoding: Encoding
    private var encoder: IncrementalEncoder
    private var ids: [UInt32] = []

    init(_ form: Form, _ encoding: Encoding) {
        self.form = form
        self.encoding = encoding
        encoder = IncrementalEncoder(encoding)
    }

    /// Takes the next piece of text, and gives the members that tell of the ids which are certain now.
    mutating func feed(_ text: String) -> JSONObject { members(of: encoder.feed(text.utf8.span)) }

    /// Takes the end of the text; nil if it makes no further ids certain.
    mutating func finish() -> JSONObject? {
        let rest = encoder.finish()
        return rest.isEmpty ? nil : members(of: rest)
    }

    /// What the result says of the tokens of `text`, its own; of those given out if that is the same text.
    func summary(of text: String, isExact: Bool) -> JSONObject {
        let all = isExact ? ids : encoding.encode(text)
        return [
            "encoding": "o200k_harmony", "token_count": .integer(all.count),
            "token_sha256": .string(SHA256.text(of: SHA256.digest(of: all.littleEndianBytes.span))),
        ]
    }

    private mutating func members(of new: [UInt32]) -> JSONObject {
        defer { ids += new }
        let value: JSONValue =
            switch form {
            case .list: .array(new.map { .integer(Int($0)) })
            case .base64: .string(String(base64: new.littleEndianBytes))
            }
        return [
            "encoding": "o200k_harmony", "offset": .integer(ids.count),
            (form == .list ? "token_ids" : "token_ids_base64"): value,
        ]
    }
}

extension [UInt32] {
    /// The words one after the other, the low byte first.
    var littleEndianBytes: [UInt8] {
        flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
}
