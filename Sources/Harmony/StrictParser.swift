public import Tokenizer

/// Reads sampled tokens as the reference library does (`StreamableParser`), in every state between two tokens.
///
/// Meant for comparing and for training data. It throws where a model strays a little, and then only rubbish follows;
/// a service reads with `LenientParser`. Takes constant time per token, amortized; memory grows with what was read.
public struct StrictParser: Sendable {
    /// What comes next.
    public enum State: Sendable, Hashable {
        /// `<|start|>`.
        case expectStart
        /// A header, or its end `<|message|>`.
        case header
        /// Content, or one of the tokens that end a message.
        case content
    }

    /// What comes next.
    public private(set) var state: State
    /// The finished messages.
    public private(set) var messages: [Message] = []
    /// The text that the last token added, nil where it added no text.
    ///
    /// As in the library, ill-formed text is repaired once per token and unfinished text at the end of the message, so
    /// the deltas of such content are less than the content.
    public private(set) var delta: String?

    private let encoding: Encoding
    private let flavor: Flavor
    private let isStrict: Bool
    private var expectedRole: Role?
    private var headerIDs: [UInt32] = []
    private var open: Message?
    private var content = ""
    /// The bytes of the content that are not text yet begin at `decodedCount`.
    private var undecoded: [UInt8] = []
    private var decodedCount = 0
    /// Whether an unknown id came, after which the library loses the rest of the content.
    private var isStuck = false

    /// A parser at the start of a stream.
    ///
    /// - Parameters:
    ///   - encoding: The vocabulary.
    ///   - role: Whose header begins at once, as it does after a prompt that ends in `<|start|>assistant`; nil where
    ///     the stream begins with `<|start|>`.
    ///   - isStrict: Whether a token that ends messages is part of a header when it stands in one; else it ends the
    ///     message, whose content are the words that had no meaning.
    ///   - flavor: Which library to equal.
    public init(encoding: Encoding, role: Role? = .assistant, isStrict: Bool = true, flavor: Flavor = .openAI) {
        self.encoding = encoding
        self.flavor = flavor
        self.isStrict = isStrict
        expectedRole = role
        state = role == nil ? .expectStart : .header
    }

    /// Reads a token (library, `StreamableParser::process`).
    ///
    /// - Throws: What is wrong with the stream; the state then is the library's, and most often the next token throws
    ///   too.
    public mutating func process(_ id: UInt32) throws(HarmonyError) {
        switch state {
        case .expectStart:
            guard id == ControlToken.start else { throw HarmonyError(.unexpectedToken(id)) }
            state = .header
            headerIDs = []
        case .header:
            if id == ControlToken.message {
                try openMessage()
            } else if !isStrict, ControlToken.endsMessage(id) {
                try closeUnopenedMessage()
            } else {
                headerIDs.append(id)
            }
        case .content:
            if ControlToken.endsMessage(id) { closeMessage() } else { appendContent(id) }
        }
    }

    /// Ends the stream, and with it a message that is open (library, `StreamableParser::process_eos`).
    ///
    /// - Throws: `unfinishedHeader` in a header.
    public mutating func finish() throws(HarmonyError) {
        switch state {
        case .expectStart: break
        case .header: throw HarmonyError(.unfinishedHeader)
        case .content: closeMessage()
        }
    }
}

extension StrictParser {
    /// The role of the open message, or the one that is known before its header is read.
    public var role: Role? { open?.role ?? expectedRole }

    /// The channel of the open message.
    public var channel: String? { open?.channel }

    /// The recipient of the open message.
    public var recipient: String? { open?.recipient }

    /// The content type of the open message.
    public var contentType: String? { open?.contentType }

    /// The content so far of the open message.
    public var currentContent: String { open == nil ? "" : content }
}

extension StrictParser {
    private mutating func openMessage() throws(HarmonyError) {
        state = .expectStart
        let header = try header(isWhole: true)
        guard header.rest.isEmpty else { throw HarmonyError(.unexpectedHeaderWords(header.leftover)) }
        expectedRole = nil
        open = header.message
        content = ""
        state = .content
    }

    private mutating func closeUnopenedMessage() throws(HarmonyError) {
        if expectedRole != nil, !headerIDs.isEmpty {
            let header = try header(isWhole: false)
            var message = header.message
            message.content = [.text(header.leftover)]
            messages.append(message)
        }
        state = .expectStart
        expectedRole = nil
    }

    private func header(isWhole: Bool) throws(HarmonyError) -> StrictHeader {
        var bytes: [UInt8] = []
        for id in headerIDs {
            guard let spelling = encoding.bytes(of: id) else { throw HarmonyError(.undecodableHeader) }
            bytes += spelling
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw HarmonyError(.undecodableHeader) }
        return try StrictHeader(text, role: expectedRole, isWhole: isWhole, flavor: flavor)
    }

    private mutating func appendContent(_ id: UInt32) {
        guard !isStuck, let bytes = encoding.bytes(of: id) else {
            isStuck = true
            delta = nil
            return
        }
        undecoded += bytes
        let text = decodeOnce()
        delta = text.isEmpty ? nil : text
        content += text
    }

    /// Decodes up to the first place that is ill-formed, and repairs that one.
    private mutating func decodeOnce() -> String {
        var end = decodedCount
        var repair = 0
        scan: while end < undecoded.count {
            switch UTF8Sequence(in: undecoded.span, at: end) {
            case .scalar(let count): end += count
            case .illFormed(let count):
                repair = count
                break scan
            case .unfinished: break scan
            }
        }
        let text = String(decoding: undecoded[decodedCount..<end], as: UTF8.self) + (repair > 0 ? "\u{FFFD}" : "")
        decodedCount = end + repair
        // Tokens that need several repairs pile up; what is left of them is moved seldom.
        if decodedCount * 2 >= undecoded.count {
            undecoded.removeSubrange(..<decodedCount)
            decodedCount = 0
        }
        return text
    }

    private mutating func closeMessage() {
        guard var message = open else { return }
        let tail = (isStuck ? "\u{FFFD}" : "") + String(decoding: undecoded[decodedCount...], as: UTF8.self)
        message.content = [.text(content + tail)]
        messages.append(message)
        open = nil
        state = .expectStart
        delta = nil
        isStuck = false
        undecoded = []
        decodedCount = 0
    }
}

extension StrictHeader {
    /// The words without meaning, as one text.
    fileprivate var leftover: String { rest.map(\.string).joined(separator: " ") }
}
