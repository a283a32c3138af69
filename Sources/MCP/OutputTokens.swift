internal import Digest
internal import JSON
public import Tokenizer

/// The ids of one call's output as they become certain: those that the tool has counted, or else made here.
///
/// Together they are exactly the ordinary encoding of the text. No text is encoded twice.
public struct OutputTokenizer: Sendable {
    private var encoder: IncrementalEncoder
    /// Whether the tool gives the ids.
    private var isCounted = false

    /// A tokenizer at the beginning of a call's output; `encoding` is for tools that count no tokens.
    public init(_ encoding: Encoding) { encoder = IncrementalEncoder(encoding) }

    /// The ids that are certain with the next piece of output.
    public mutating func ids(of output: ToolOutput) -> [UInt32] {
        if let ids = output.ids {
            isCounted = true
            return ids
        }
        return isCounted ? [] : encoder.feed(output.text.utf8.span)
    }

    /// What `result` shows beyond `text`, which came before: nothing where it shows something else, or where the tool
    /// counts tokens, which then gives all of its text with them.
    public func rest(of result: ToolResult, after text: String) -> String {
        guard !isCounted, result.text.utf8.starts(with: text.utf8) else { return "" }
        return String(decoding: result.text.utf8.dropFirst(text.utf8.count), as: UTF8.self)
    }

    /// The ids that are certain with the end of the output.
    public mutating func finish() -> [UInt32] { isCounted ? [] : encoder.finish() }
}

/// A call's output as tokens, on their way to a client that asked for them.
struct OutputTokens {
    /// How ids stand in a message.
    enum Form: Equatable {
        /// As numbers.
        case list
        /// As base64 of little-endian 32-bit words, in a third of the space.
        case base64

        /// What a client asks for with the member `tokenIds`; nil if it does not ask for tokens.
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
    private var tokenizer: OutputTokenizer
    private var ids: [UInt32] = []
    /// How many of the ids were given out.
    private var givenCount = 0
    /// How many bytes of text were given out, less those of the ids that were.
    private var openBytes = 0

    init(_ form: Form, _ encoding: Encoding) {
        self.form = form
        self.encoding = encoding
        tokenizer = OutputTokenizer(encoding)
    }

    /// Takes the next output.
    mutating func add(_ output: ToolOutput) { ids += tokenizer.ids(of: output) }

    /// The members of a notification about the ids that lie within the text so far, of which `bytes` more are sent with it.
    mutating func take(with bytes: Int) -> JSONObject {
        openBytes += bytes
        var end = givenCount
        while end < ids.count, let length = encoding.byteCount(of: ids[end]), length <= openBytes {
            openBytes -= length
            end += 1
        }
        return give(upTo: end)
    }

    /// Takes the end of the text; nil if there are no more ids to give out.
    mutating func finish() -> JSONObject? {
        ids += tokenizer.finish()
        return givenCount == ids.count ? nil : give(upTo: ids.count)
    }

    /// What the result says of the tokens of its text; they are those given out, unless the text is another.
    func summary(of result: ToolResult) -> JSONObject {
        let all = result.isExact ? ids : encoding.encode(result.text)
        return [
            "encoding": "o200k_harmony", "token_count": .integer(all.count),
            "token_sha256": .string(SHA256.text(of: SHA256.digest(of: all.littleEndianBytes.span))),
        ]
    }

    private mutating func give(upTo end: Int) -> JSONObject {
        defer { givenCount = end }
        let new = ids[givenCount..<end]
        let value: JSONValue =
            switch form {
            case .list: .array(new.map { .integer(Int($0)) })
            case .base64: .string(String(base64: Array(new).littleEndianBytes))
            }
        return [
            "encoding": "o200k_harmony", "offset": .integer(givenCount),
            (form == .list ? "token_ids" : "token_ids_base64"): value,
        ]
    }
}

extension [UInt32] {
    /// The words one after the other, the low byte first.
    fileprivate var littleEndianBytes: [UInt8] {
        flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
}
