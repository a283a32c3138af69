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

    /// The whole number that it is: itself, one that is written with a fraction of zero, or one in digits.
    public var wholeNumber: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        case .text(let value): value.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 } ? Int(value) : nil
        case .truth, .null, .list, .object: nil
        }
    }
}
