/// Any JSON value (RFC 8259).
///
/// ```swift
/// let request = try JSONValue(parsing: bytes)
/// guard let name = request["params"]?["name"]?.string else { … }
/// let answer: JSONValue = ["id": 7, "result": ["name": .string(name)]]
/// let line = answer.encoded()
/// ```
///
/// Whole numbers of 64 bits are exact. Objects keep their members in order, and values with another order are not equal:
/// a model reads the order. Text never holds a lone surrogate, as no Swift string can.
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number of 64 bits, written without fraction and exponent.
    case integer(Int)
    /// A whole number of 64 bits that is larger than `Int.max`.
    case unsigned(UInt64)
    /// Any other number; what is not finite is written as `null`.
    case number(Double)
    /// Text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Values by name, in order.
    case object(JSONObject)
}

extension JSONValue {
    /// The member `name` of an object, which may be `null`; nil for what is not an object or has no such member.
    public subscript(name: String) -> JSONValue? { object?[name] }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// The text of a string; nil for anything else.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The value of `true` and `false`; nil for anything else.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// A whole number that fits, also one written as `3.0`; nil for anything else.
    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        case .null, .bool, .unsigned, .string, .array, .object: nil
        }
    }

    /// Any number, rounded to a `Double`; nil for anything else.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The elements of an array; nil for anything else.
    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members of an object; nil for anything else.
    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as JSON on one line, as ``encoded(_:)`` writes it.
    public var description: String { String(decoding: encoded(), as: UTF8.self) }
}

// No `nil` literal: where an optional is wanted, as in `condition ? nil : value`, it would silently mean `null`.

extension JSONValue: ExpressibleByBooleanLiteral {
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
}

extension JSONValue: ExpressibleByFloatLiteral {
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByArrayLiteral {
    /// Values in order.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// Members in order; of a repeated name the last value stands in the first place.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member($0.0, $0.1) }))
    }
}
