internal import Tokenizer

/// The ids that structure a conversation (o200k_harmony; Harmony format, "Special tokens").
enum ControlToken {
    static let endOfText = SpecialToken.endOfText.id
    static let `return` = SpecialToken.return.id
    static let constrain = SpecialToken.constrain.id
    static let channel = SpecialToken.channel.id
    static let start = SpecialToken.start.id
    static let end = SpecialToken.end.id
    static let message = SpecialToken.message.id
    static let call = SpecialToken.call.id

    /// The first id that is not of text.
    static let first = SpecialToken.startOfText.id

    static func endsMessage(_ id: UInt32) -> Bool {
        id == end || id == `return` || id == call
    }

    static let channelSpelling = "<|channel|>"
    static let constrainSpelling = "<|constrain|>"
}
