public import Tokenizer

/// Reads sampled tokens whatever they are: it never throws and never loses what the model said.
///
/// It makes the best of every stream, and says what it had to repair in ``diagnostics``. Text comes in deltas, each once
/// and final: those of a message, one after the other, are its content. Control tokens never become text. Takes constant
/// time per token, amortized; memory grows with what was read.
public struct LenientParser: Sendable {
    /// Text that a token added to a message.
    public struct Delta: Sendable, Hashable {
        /// Which message, counted from 0 in the stream.
        public let messageIndex: Int
        /// What is new; never empty.
        public let text: String
    }

    /// After how many tokens a header without an end counts as text.
    public static let headerTokensMax = 128

    /// The finished messages.
    public private(set) var messages: [ParsedMessage] = []
    /// What was repaired so far, in order.
    public private(set) var diagnostics: [Diagnostic] = []
    /// The message that is open: its header, and no content; nil between messages and in headers.
    public private(set) var open: Message?
    /// The content so far of the open message.
    ///
    /// A copy that is kept while tokens are read makes each of them cost a copy; collect the deltas instead.
    public private(set) var currentContent = ""

    private enum State {
        case between
        case header
        case content
        case finished
    }

    private let encoding: Encoding
    private var state: State
    /// The role whose header is being read, where the header does not have to name it.
    private var dueRole: Role?
    private var header = LenientHeaderText()
    private var decoder = UTF8Decoder()
    /// Text between messages whose meaning is not known yet.
    private var stray = ""
    private var isStrayBlank = true
    private var deltas: [Delta] = []

    /// A parser at the start of a stream.
    ///
    /// `role` is whose header begins at once, as it does after a prompt that ends in `<|start|>assistant`; nil where the
    /// stream begins with `<|start|>`.
    public init(encoding: Encoding, role: Role? = .assistant) {
        self.encoding = encoding
        dueRole = role
        state = role == nil ? .between : .header
    }

    /// Reads a token, and says what text it added. Once the stream is finished, nothing more is read.
    public mutating func process(_ id: UInt32) -> [Delta] {
        switch (state, id) {
        case (.finished, _): break
        case (_, ControlToken.endOfText):
            repair(.endOfText)
            end()
        case (.between, _): processBetween(id)
        case (.header, _): processHeader(id)
        case (.content, _): processContent(id)
        }
        return takeDeltas()
    }

    /// Ends the stream, and says what text had been waiting for it.
    public mutating func finish() -> [Delta] {
        end()
        return takeDeltas()
    }

    private mutating func takeDeltas() -> [Delta] {
        guard !deltas.isEmpty else { return [] }
        defer { deltas = [] }
        return deltas
    }

    private mutating func repair(_ code: Diagnostic.Code, _ text: String? = nil) {
        diagnostics.append(Diagnostic(code, text))
    }
}

// Between messages.
extension LenientParser {
    private mutating func processBetween(_ id: UInt32) {
        switch id {
        case ControlToken.start:
            dropStray()
            expectHeader(of: nil)
        case ControlToken.channel, ControlToken.message, ControlToken.constrain:
            repair(.missingStart)
            expectHeader(of: .assistant)
            takeStrayAsHeader()
            processHeader(id)
        case ControlToken.end, ControlToken.return, ControlToken.call:
            if !isStrayBlank { dropStray() }
            repair(.extraStop)
        case ControlToken.first...: repair(.specialBetween)
        default:
            let text = String(decoding: encoding.bytes(of: id) ?? [], as: UTF8.self)
            stray += text
            isStrayBlank = isStrayBlank && isBlank(text)
        }
    }

    private mutating func expectHeader(of role: Role?) {
        state = .header
        header = LenientHeaderText()
        dueRole = role
    }

    private mutating func expectMessage() {
        state = .between
        header = LenientHeaderText()
        dueRole = nil
    }

    private mutating func dropStray() {
        if !isStrayBlank { repair(.stray, stray) }
        forgetStray()
    }

    private mutating func takeStrayAsHeader() {
        if !isStrayBlank { header.append(Array(stray.utf8), tokenCount: encoding.count(stray)) }
        forgetStray()
    }

    private mutating func forgetStray() {
        stray = ""
        isStrayBlank = true
    }

    private func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.isHeaderSpace) }
}

// In a header.
extension LenientParser {
    private mutating func processHeader(_ id: UInt32) {
        switch id {
        case ControlToken.message: openMessage(readHeader().message)
        case ControlToken.start:
            repair(.startInHeader)
            expectHeader(of: nil)
        case ControlToken.end, ControlToken.return, ControlToken.call: endHeader(by: ParsedMessage.End(id))
        case ControlToken.channel: header.append(.channel)
        case ControlToken.constrain: header.append(.constrain)
        case ControlToken.first...: repair(.specialInHeader)
        default:
            header.append(encoding.bytes(of: id) ?? [])
            if header.tokenCount > Self.headerTokensMax { endHeader(by: nil) }
        }
    }

    private mutating func readHeader() -> LenientHeader {
        let header = LenientHeader(header, role: dueRole)
        diagnostics += header.diagnostics
        return header
    }

    /// Makes a message of a header without `<|message|>`: one that goes on, where no token ended it.
    private mutating func endHeader(by end: ParsedMessage.End?) {
        repair(.missingMessageToken)
        let text = header.text
        if header.hasMarkers || beginsLikeHeader(text) {
            let header = readHeader()
            let isEmpty = header.message.recipient == nil && header.leftover.isEmpty
            if end != nil, isEmpty {
                repair(.emptyDropped)
                return expectMessage()
            }
            openMessage(header.message)
            emit(header.leftover.joined(separator: " "))
        } else if !isBlank(text), dueRole == nil || dueRole == .assistant {
            openMessage(Self.bareMessage)
            emit(text)
            repair(.bareText)
        } else {
            return expectMessage()
        }
        if let end { closeMessage(end) }
    }

    private func beginsLikeHeader(_ text: String) -> Bool {
        let start = text.unicodeScalars.drop(while: \.isHeaderSpace)
        return start.starts(with: "to=") || Role.allCases.contains { start.starts(with: $0.rawValue) }
    }

    private static let bareMessage = Message(role: .assistant, channel: Channel.final, content: [])
}

// In content.
extension LenientParser {
    private mutating func processContent(_ id: UInt32) {
        switch id {
        case ControlToken.end, ControlToken.return, ControlToken.call: closeMessage(ParsedMessage.End(id))
        case ControlToken.start:
            repair(.missingEnd)
            closeMessage(.implicit)
            expectHeader(of: nil)
        case ControlToken.channel:
            repair(.missingEnd)
            closeMessage(.implicit)
            expectHeader(of: .assistant)
            header.append(.channel)
        case ControlToken.first...: repair(.specialInContent)
        default: emit(decoder.decode(encoding.bytes(of: id) ?? []))
        }
    }

    private mutating func openMessage(_ message: Message) {
        expectMessage()
        open = message
        currentContent = ""
        state = .content
    }

    private mutating func emit(_ text: String) {
        guard !text.isEmpty else { return }
        currentContent += text
        deltas.append(Delta(messageIndex: messages.count, text: text))
    }

    private mutating func closeMessage(_ end: ParsedMessage.End) {
        emit(decoder.finish())
        if var message = open {
            message.content = [.text(currentContent)]
            messages.append(ParsedMessage(message: message, end: end))
        }
        open = nil
        currentContent = ""
        state = .between
    }

    private mutating func end() {
        switch state {
        case .finished: break
        case .content: closeMessage(.endOfStream)
        case .header: if header.tokenCount > 0 { endHeader(by: .endOfStream) }
        case .between: endStray()
        }
        state = .finished
    }

    /// Takes text that no header claimed for the answer, where there is none.
    private mutating func endStray() {
        guard !isStrayBlank else { return }
        guard !messages.contains(where: { $0.message.channel == Channel.final }) else { return dropStray() }
        openMessage(Self.bareMessage)
        emit(stray)
        closeMessage(.endOfStream)
        repair(.bareText)
    }
}

extension ParsedMessage.End {
    /// What a token that ends messages says.
    fileprivate init(_ id: UInt32) {
        switch id {
        case ControlToken.return: self = .return
        case ControlToken.call: self = .call
        default: self = .end
        }
    }
}
