internal import PythonText

/// A value as a model wrote it, before anybody knows what it should have been.
public enum BrowsingArgument: Equatable, Sendable {
    /// A number without a fraction or an exponent.
    case integer(Int)
    /// Another number.
    case number(Double)
    /// A text.
    case text(String)
    /// `true` or `false`.
    case truth(Bool)
    /// `null`.
    case null
    /// A list.
    case list
    /// An object.
    case object

    /// What Python calls its type.
    var pythonType: String {
        switch self {
        case .integer: "int"
        case .number: "float"
        case .text: "str"
        case .truth: "bool"
        case .null: "NoneType"
        case .list: "list"
        case .object: "dict"
        }
    }

    /// What Python writes for it.
    var pythonText: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): value
        case .truth(let value): value ? "True" : "False"
        case .null: "None"
        case .list: "[]"
        case .object: "{}"
        }
    }

    /// The whole number that it is: itself, or one that is written in quotes or with a fraction of zero.
    public var wholeNumber: Int? {
        switch self {
        case .integer(let value): return value
        case .number(let value): return Int(exactly: value)
        case .text(let value):
            let text = String(decoding: Whitespace.stripped(Array(value.utf8)), as: UTF8.self)
            let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 1 || parts.count == 2 && parts[1].allSatisfy({ $0 == "0" }) else { return nil }
            return Int(parts[0])
        case .truth, .null, .list, .object: return nil
        }
    }

    /// Whether nothing was written, or nothing in quotes.
    public var isBlank: Bool {
        switch self {
        case .null: true
        case .text(let value): Whitespace.stripped(Array(value.utf8)).isEmpty
        case .integer, .number, .truth, .list, .object: false
        }
    }

    /// Whether this is a text that could be meant for a page or a line: a number, a mark, a URL or a part of one.
    public var isPlace: Bool {
        guard case .text(let text) = self else { return false }
        switch LinkText(text) {
        case .link, .line, .url, .reference: return true
        case .here, .unclear: return LineNumbers(text) != nil
        }
    }

    /// What was written, as far as a message has room for it.
    public var shown: String { pythonText.cut }
}
