/// The header of a message, read as the library reads it: by the spelling of its markers, mistakes included.
struct StrictHeader {
    /// The message without its content.
    private(set) var message: Message
    /// The words that had no meaning.
    private(set) var rest: [HeaderText]

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - text: The decoded header, its control tokens spelled.
    ///   - role: The role, where it is known before.
    ///   - isWhole: Whether `<|message|>` ended it; else its last words may already be content.
    init(_ text: String, role: Role?, isWhole: Bool, flavor: Flavor) throws(HarmonyError) {
        let (channel, text) = try Self.cutChannel(from: text, flavor)
        var words = Self.words(of: text)
        let author = try Self.author(from: &words, role)
        message = Message(role: author.role, name: author.name, channel: channel, content: [])
        rest = words
        if isWhole { takeRecipientAndType() }
    }

    /// Takes the first marker and its value out of a header; of oss-harmony's also every other one.
    ///
    /// A value ends at white space or `<`.
    private static func cutChannel(
        from text: String,
        _ flavor: Flavor
    ) throws(HarmonyError) -> (channel: String?, text: String) {
        let marker = ControlToken.channelSpelling.unicodeScalars
        var kept = String.UnicodeScalarView()
        var text = text.unicodeScalars[...]
        var channel: String?
        while channel == nil || flavor == .oss, let place = text.firstRange(of: marker) {
            let value = text[place.upperBound...].prefix { !$0.isWhiteSpace && $0 != "<" }
            if channel == nil {
                guard !value.isEmpty else { throw HarmonyError(.emptyChannel) }
                channel = value.string
            }
            kept += text[..<place.lowerBound]
            text = text[value.endIndex...]
        }
        return (channel, String(kept + text))
    }

    private static func words(of text: String) -> [HeaderText] {
        let marker = ControlToken.constrainSpelling.unicodeScalars
        let trimmed = text.unicodeScalars[...].trimmed(\.isWhiteSpace)
        let spaced = trimmed.replacing(marker, with: " \(ControlToken.constrainSpelling)".unicodeScalars)
        return spaced[...].trimmed(\.isWhiteSpace).split(whereSeparator: \.isASCIISpace)
    }

    private static func author(
        from words: inout [HeaderText],
        _ known: Role?
    ) throws(HarmonyError) -> (role: Role, name: String?) {
        var role = known
        var name: String?
        if role == nil {
            guard let first = words.first else { throw HarmonyError(.missingRole) }
            role = Role(rawValue: first.string)
            if role == nil {
                guard words.count > 1 || first.starts(with: "to=") else {
                    throw HarmonyError(.unknownRole(first.string))
                }
                role = .tool
                words.removeFirst()
            }
            if role == .tool { name = first.string }
        }
        let found = role ?? .tool
        if words.first?.equals(found.rawValue) == true { words.removeFirst() }
        return (found, name)
    }

    /// Takes the words from the end: a recipient, or a content type with the recipient before it.
    ///
    /// A single word is taken for the recipient, which makes one of `json` in `final json`.
    private mutating func takeRecipientAndType() {
        let isSingle = rest.count == 1
        guard let last = rest.popLast() else { return }
        if last.starts(with: "to=") || isSingle {
            message.recipient = Self.withoutPrefix(last)
        } else {
            message.contentType = last.string
            message.recipient = rest.popLast().map(Self.withoutPrefix)
        }
    }

    private static func withoutPrefix(_ word: HeaderText) -> String {
        (word.starts(with: "to=") ? word.dropFirst(3) : word).string
    }
}
