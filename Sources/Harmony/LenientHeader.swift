/// What a header means, whatever state it is in.
struct LenientHeader {
    /// The message without its content.
    private(set) var message: Message
    /// The words that had no meaning.
    private(set) var leftover: [String] = []
    /// What was repaired.
    private(set) var diagnostics: [Diagnostic] = []

    private let isRoleKnown: Bool
    private var namesFinal = false

    /// Reads a header; `role` is the one that is due, nil where the header has to name it.
    init(_ text: LenientHeaderText, role: Role?) {
        message = Message(role: role ?? .assistant, content: [])
        isRoleKnown = role != nil
        for (marker, text) in text.segments {
            switch marker {
            case nil: readAuthor(text)
            case .channel: readChannel(text)
            case .constrain: readContentType(text)
            }
        }
        decide()
    }

    private static let contentTypes = [
        "json", "code", "python", "text", "xml", "yaml", "markdown", "javascript", "plaintext", "sql", "html",
    ]
    private static let builtInTools: Set<String> = ["browser", "python", "container", "functions"]

    private mutating func repair(_ code: Diagnostic.Code, _ text: String? = nil) {
        diagnostics.append(Diagnostic(code, text))
    }
}

extension LenientHeader {
    private mutating func readAuthor(_ text: HeaderText) {
        let (first, rest) = text.cuttingFirstWord()
        let base = first.prefix { $0 != ":" }
        if let role = Role(rawValue: base.string) {
            if !isRoleKnown { message.role = role } else if role != message.role { repair(.roleMismatch) }
            let name = first[base.endIndex...].dropFirst()
            message.name = name.isEmpty ? nil : name.string
            readWords(rest)
        } else if !isRoleKnown, isTool(first, of: text) {
            message.role = .tool
            message.name = first.string
            readWords(rest)
        } else {
            if !isRoleKnown { repair(.unknownRole) }
            readUnmarkedChannel(text)
        }
    }

    private func isTool(_ first: HeaderText, of text: HeaderText) -> Bool {
        guard !first.isEmpty, !first.starts(with: "to=") else { return false }
        return first.contains(".") || Self.builtInTools.contains(first.string) || text.words.count > 1
    }

    /// Reads text that may begin with a channel whose marker is missing.
    private mutating func readUnmarkedChannel(_ text: HeaderText) {
        guard let (channel, rest) = Self.cutChannel(from: text) else { return readWords(text) }
        message.channel = channel
        repair(.missingChannelToken)
        readWords(rest)
    }

    private mutating func readChannel(_ text: HeaderText) {
        guard let (channel, glued) = Self.cutChannel(from: text) else {
            repair(.badChannel)
            return readWords(text)
        }
        var rest = glued
        if let next = rest.first, !next.isHeaderSpace, !rest.starts(with: "to=") {
            repair(.channelGarbage)
            rest = rest.cuttingFirstWord().rest
        }
        namesFinal = namesFinal || channel == Channel.final
        if message.channel == nil { message.channel = channel } else { repair(.extraChannel) }
        readWords(rest)
    }

    /// Takes a channel from the start of text, past dashes and the like, whatever is glued to it.
    private static func cutChannel(from text: HeaderText) -> (channel: String, rest: HeaderText)? {
        let start = text.drop(while: \.isHeaderSpace).drop { "?–—-*: ".unicodeScalars.contains($0) }
        for channel in [Channel.analysis, Channel.commentary, Channel.final] {
            let name = start.prefix(channel.unicodeScalars.count)
            if name.allSatisfy(\.isASCII), name.string.lowercased() == channel {
                return (channel, start[name.endIndex...])
            }
        }
        return nil
    }

    private mutating func readContentType(_ text: HeaderText) {
        let (first, rest) = text.cuttingFirstWord()
        guard !first.isEmpty else { return }
        if first.allSatisfy(\.isOfContentType) {
            setConstrained(first.string)
            readWords(rest)
        } else if let type = Self.contentTypes.first(where: first.starts) {
            // What follows is content that should have begun with `<|message|>`.
            setConstrained(type)
            readWords(text[first.startIndex...].dropFirst(type.unicodeScalars.count))
        } else {
            repair(.badConstrain)
            readWords(text)
        }
    }

    private mutating func setConstrained(_ type: String) {
        if message.contentType?.unicodeScalars.starts(with: ControlToken.constrainSpelling.unicodeScalars) != true {
            message.contentType = ControlToken.constrainSpelling + type
        }
    }
}

extension LenientHeader {
    private mutating func readWords(_ text: HeaderText) {
        var words = text.words[...]
        while let word = words.popFirst() {
            if word.starts(with: "to=") {
                var name = word.dropFirst(3)
                if name.isEmpty, let next = words.popFirst() { name = next }
                setRecipient(name.string)
            } else if message.contentType == nil, Self.contentTypes.contains(word.string) {
                message.contentType = word.string
            } else {
                leftover.append(word.string)
            }
        }
    }

    private mutating func setRecipient(_ name: String) {
        guard let known = message.recipient, known != Self.assistant || name == Self.assistant else {
            message.recipient = name.isEmpty ? nil : name
            return
        }
        repair(known.utf8.elementsEqual(name.utf8) ? .recipientRepeated : .recipientConflict)
    }

    /// Settles what depends on the whole header.
    private mutating func decide() {
        if message.recipient == nil, let place = leftover.firstIndex(where: Self.isToolName) {
            message.recipient = leftover.remove(at: place)
            repair(.recipientWithoutTo)
        }
        if message.role == .assistant, let recipient = message.recipient, [Self.assistant, "all"].contains(recipient) {
            message.recipient = nil
            repair(.recipientAssistant)
        }
        if message.recipient == nil, namesFinal { message.channel = Channel.final }
        if !leftover.isEmpty { repair(.leftover, leftover.joined(separator: " ")) }
    }

    private static func isToolName(_ word: String) -> Bool {
        let namespace = word.unicodeScalars.prefix { $0 != "." }
        return builtInTools.contains(namespace.string) && (word.unicodeScalars.contains(".") || word == "python")
    }

    private static let assistant = Role.assistant.rawValue
}

extension Unicode.Scalar {
    fileprivate var isOfContentType: Bool {
        switch self {
        case "A"..."Z", "a"..."z", "0"..."9", "_", "+", ".", "/", "-": true
        default: false
        }
    }
}
