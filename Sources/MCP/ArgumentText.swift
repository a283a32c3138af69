public import JSON

/// The arguments of a call as a model wrote them, which are JSON but for its slips.
public struct ArgumentText: Sendable, Equatable {
    /// A slip that was mended; the raw values are stable, for counters and metadata.
    public enum Repair: String, Sendable {
        /// They stood in a fence of Markdown.
        case fence
        /// They were a string that holds them.
        case encodedTwice = "encoded_twice"
        /// A comma stood before a closing bracket.
        case trailingComma = "trailing_comma"
        /// A string went over several lines, or had another control character in it.
        case rawControl = "raw_control"
        /// Brackets followed them that close nothing.
        case extraBracket = "extra_bracket"
        /// Something else followed them.
        case trailingText = "text_behind"
    }

    /// The arguments.
    public let members: JSONObject
    /// What was mended, each once.
    public private(set) var repairs: [Repair] = []

    /// Reads an object.
    ///
    /// Takes linear time.
    /// - Throws: For what is no object even when its slips are mended: what is wrong with the text as it stands, and
    ///   where.
    public init(reading text: String) throws(JSONError) {
        var mending = Mending(text)
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: text)
        } catch {
            guard let mended = mending.value() else { throw error }
            value = mended
        }
        switch value {
        case .object(let members):
            self.members = members
            repairs = mending.repairs
        case .string(let inner) where Mending.isObject(inner):
            let inside = try ArgumentText(reading: inner)
            members = inside.members
            repairs = mending.repairs + [.encodedTwice] + inside.repairs
        case .null, .bool, .integer, .unsigned, .number, .string, .array:
            throw JSONError(reason: "no object", offset: 0)
        }
    }
}

/// Mends a text that is not JSON as it stands.
private struct Mending {
    private let text: Substring
    private(set) var repairs: [ArgumentText.Repair] = []
    private var mended: [UInt8] = []

    init(_ text: String) { self.text = text[...] }

    /// Whether a text begins as arguments do.
    static func isObject(_ text: String) -> Bool { text.first { !$0.isWhitespace } == "{" }

    /// What the text means; nil if it is not clear.
    mutating func value() -> JSONValue? {
        var text = text.trimmed
        if text.hasPrefix("```") {
            repairs.append(.fence)
            text = text.dropFirst(3).drop(while: \.isLetter)
            if text.trimmed.hasSuffix("```") { text = text.trimmed.dropLast(3) }
            text = text.trimmed
        }
        if text.hasPrefix("{\\\"") {
            // A string that holds the arguments, without its quotes.
            return try? JSONValue(parsing: "\"\(text)\"")
        }
        guard text.hasPrefix("{") else { return try? JSONValue(parsing: String(text)) }
        mend(Array(text.utf8))
        return try? JSONValue(parsing: mended)
    }

    private mutating func note(_ repair: ArgumentText.Repair) {
        if !repairs.contains(repair) { repairs.append(repair) }
    }

    /// Copies the first object, without what may not stand in it.
    private mutating func mend(_ bytes: [UInt8]) {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (place, byte) in bytes.enumerated() {
            if isInString {
                append(inString: byte)
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                dropTrailingComma()
            default: break
            }
            mended.append(byte)
            guard depth > 0 else {
                return note(rest: bytes[(place + 1)...])
            }
        }
    }

    private mutating func note(rest: ArraySlice<UInt8>) {
        guard !rest.isEmpty else { return }
        let isBrackets = rest.allSatisfy {
            Self.space.contains($0) || [UInt8(ascii: "}"), UInt8(ascii: "]")].contains($0)
        }
        note(isBrackets ? .extraBracket : .trailingText)
    }

    private mutating func append(inString byte: UInt8) {
        guard byte < 0x20 else { return mended.append(byte) }
        note(.rawControl)
        let digits = Array("0123456789abcdef".utf8)
        mended += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    private mutating func dropTrailingComma() {
        guard let last = mended.lastIndex(where: { !Self.space.contains($0) }), mended[last] == UInt8(ascii: ",") else {
            return
        }
        note(.trailingComma)
        mended.removeSubrange(last...)
    }

    private static let space = Array(" \t\r\n".utf8)
}

extension Substring {
    /// Without the white space around it.
    fileprivate var trimmed: Substring {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
