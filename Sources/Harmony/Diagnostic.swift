/// Something in a stream of tokens that is not as it should be, and that `LenientParser` made the best of.
///
/// Printed as in `leftover:extra`: the code, and the model's words where there are some.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// What was repaired; the raw values are stable, for counters and metadata.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A message began without `<|start|>`.
        case missingStart = "missing_start"
        /// A message was ended by the start of another.
        case missingEnd = "missing_end"
        /// A header ended, or went on for too long, without `<|message|>`.
        case missingMessageToken = "missing_message_token"
        /// The channel stood in the header without `<|channel|>`.
        case missingChannelToken = "missing_channel_token"
        /// A header was started over.
        case startInHeader = "start_in_header"
        /// A token that ends messages stood between two of them.
        case extraStop = "extra_stop"
        /// A header had more than one channel; the first counts.
        case extraChannel = "extra_channel"
        /// What followed `<|channel|>` was no channel.
        case badChannel = "bad_channel"
        /// Something was glued to the name of a channel, and dropped.
        case channelGarbage = "channel_garbage"
        /// What followed `<|constrain|>` was no content type.
        case badConstrain = "bad_constrain"
        /// The header named a role other than the one that was due; the latter counts.
        case roleMismatch = "role_mismatch"
        /// The header named no known role; the message counts as the assistant's.
        case unknownRole = "unknown_role"
        /// The recipient was named twice.
        case recipientRepeated = "recipient_repeated"
        /// Several recipients were named; the first counts.
        case recipientConflict = "recipient_conflict"
        /// A tool was named without `to=`.
        case recipientWithoutTo = "recipient_without_to"
        /// The assistant addressed itself, or everybody: that is no call.
        case recipientAssistant = "recipient_assistant"
        /// Words of a header had no meaning; they follow.
        case leftover
        /// A header without content was dropped.
        case emptyDropped = "empty_dropped"
        /// Text without any header became a message on `final`.
        case bareText = "bare_text"
        /// Text between messages was dropped; it follows.
        case stray
        /// A control token in a header was dropped.
        case specialInHeader = "special_in_header"
        /// A control token in content was dropped.
        case specialInContent = "special_in_content"
        /// A control token between messages was dropped.
        case specialBetween = "special_between"
        /// The model ended the text, `<|endoftext|>`.
        case endOfText = "endoftext"
    }

    /// What was repaired.
    public let code: Code
    /// The model's words, where the code has some.
    public let text: String?

    init(_ code: Code, _ text: String? = nil) {
        self.code = code
        self.text = text
    }

    /// The code, and the words after a colon.
    public var description: String { text.map { "\(code.rawValue):\($0)" } ?? code.rawValue }
}
