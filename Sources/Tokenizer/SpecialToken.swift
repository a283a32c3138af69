/// A token that no text can spell, by which a conversation is structured: `<|start|>`, `<|end|>`…
///
/// Ordinary encoding never yields one, whatever the text; only `Encoding.encodeWithSpecialTokens` does.
public struct SpecialToken: Hashable, Sendable {
    /// Its id, 199998 to 201088.
    public let id: UInt32

    /// Begins a text; unused by Harmony.
    public static let startOfText = SpecialToken(199_998)
    /// Ends a text; unused by Harmony.
    public static let endOfText = SpecialToken(199_999)
    /// Ends the last message of a turn.
    public static let `return` = SpecialToken(200_002)
    /// Begins a content type that constrains what is sampled.
    public static let constrain = SpecialToken(200_003)
    /// Begins the channel of a message.
    public static let channel = SpecialToken(200_005)
    /// Begins a message.
    public static let start = SpecialToken(200_006)
    /// Ends a message.
    public static let end = SpecialToken(200_007)
    /// Begins the content of a message.
    public static let message = SpecialToken(200_008)
    /// Ends a message that calls a tool.
    public static let call = SpecialToken(200_012)

    /// No special token is written with more bytes.
    static let bytesMax = 32

    private static let ids: ClosedRange<UInt32> = 199_998...201_088
    private static let names: [UInt32: String] = [
        startOfText.id: "startoftext", endOfText.id: "endoftext", `return`.id: "return", constrain.id: "constrain",
        channel.id: "channel", start.id: "start", end.id: "end", message.id: "message", call.id: "call",
    ]
    private static let idsByName = Dictionary(uniqueKeysWithValues: names.map { ($1, $0) })

    private init(_ id: UInt32) {
        self.id = id
    }

    /// The special token with this id; nil if there is none.
    public init?(id: UInt32) {
        guard Self.ids.contains(id) else { return nil }
        self.init(id)
    }

    /// The special token that is written like this: `<|start|>`; nil if there is none.
    public init?(text: String) {
        guard text.utf8.count > 4, text.hasPrefix("<|"), text.hasSuffix("|>") else { return nil }
        let name = String(text.dropFirst(2).dropLast(2))
        if let id = Self.idsByName[name] {
            self.init(id)
        } else if name.hasPrefix("reserved_"), let id = UInt32(name.dropFirst(9)) {
            self.init(id: id)
            guard self.text == text else { return nil }
        } else {
            return nil
        }
    }

    /// How it is written: `<|start|>`, and `<|reserved_200013|>` for one without a meaning.
    public var text: String {
        "<|\(Self.names[id] ?? "reserved_\(id)")|>"
    }
}
