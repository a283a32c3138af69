/// Why something is not Harmony, or cannot become it.
///
/// The texts of what the reference library also reports are the library's own, but for where bytes are no UTF-8.
public struct HarmonyError: Error, Sendable, Hashable {
    /// What a caller can act on.
    public enum Code: Sendable, Hashable {
        /// A tool message without the tool's name.
        case toolWithoutName
        /// `SystemContent` in a message of this role, not the system's.
        case misplacedSystemContent(Role)
        /// `DeveloperContent` in a message of this role, not the developer's.
        case misplacedDeveloperContent(Role)
        /// A token between messages that is not `<|start|>`.
        case unexpectedToken(UInt32)
        /// Words of a header that have no meaning.
        case unexpectedHeaderWords(String)
        /// `<|channel|>` without a name after it.
        case emptyChannel
        /// A role that does not exist.
        case unknownRole(String)
        /// A header without a role.
        case missingRole
        /// A header that is no UTF-8, or has an id that no token has.
        case undecodableHeader
        /// Tokens ended inside a header.
        case unfinishedHeader
        /// JSON that is no message.
        case malformedMessage(String)
        /// A prompt cannot take this where it stands.
        case outOfTurn(Prompt.Stage)
        /// What is appended differs from what was handed out, at this id of the prompt.
        case contradiction(offset: Int)
        /// Ids of tool output arrived before the ones that precede them; how many there are.
        case gap(have: Int)
        /// An id in content that no text has.
        case controlTokenInContent(UInt32)
    }

    /// What went wrong.
    public let code: Code

    /// An error with this code.
    public init(_ code: Code) {
        self.code = code
    }
}

extension HarmonyError: CustomStringConvertible {
    /// What went wrong, for a person.
    public var description: String {
        switch code {
        case .toolWithoutName: "Tools should have a name!"
        case .misplacedSystemContent(let role):
            "SystemContent may only appear in system messages, found in \(name(of: role))"
        case .misplacedDeveloperContent(let role):
            "DeveloperContent may only appear in developer messages, found in \(name(of: role))"
        case .unexpectedToken(let id): "Unexpected token \(id) while expecting start token \(ControlToken.start)"
        case .unexpectedHeaderWords(let words): "unexpected tokens remaining in message header: Some(\(quoted(words)))"
        case .emptyChannel: "channel marker present but no channel value found in header"
        case .unknownRole(let role): "Unknown role: \(role)"
        case .missingRole: "message header did not contain a role"
        case .undecodableHeader: "could not decode header"
        case .unfinishedHeader: "Unexpected EOS while waiting for message header to complete"
        case .malformedMessage(let reason): "not a message: \(reason)"
        case .outOfTurn(let stage): "a prompt cannot take this in stage \(stage)"
        case .contradiction(let offset): "differs from what was handed out at id \(offset)"
        case .gap(let have): "tool output continues after id \(have), which is the last there is"
        case .controlTokenInContent(let id): "\(id) is no id of text"
        }
    }

    /// A role as the library's debug format shows it.
    private func name(of role: Role) -> String {
        role.rawValue.prefix(1).uppercased() + role.rawValue.dropFirst()
    }

    /// Words as the library's debug format shows them (Rust, `str::escape_debug`).
    private func quoted(_ words: String) -> String {
        var text = "\""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\0": text += "\\0"
            case "\t": text += "\\t"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case _ where scalar.isInvisible: text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

extension Unicode.Scalar {
    /// Whether it is nothing to look at by itself: a mark, a space other than U+0020, a control.
    fileprivate var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: true
        case .spaceSeparator: self != " "
        default: properties.isGraphemeExtend
        }
    }
}
