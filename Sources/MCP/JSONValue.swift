/// Any JSON value.
///
/// Numbers without fraction or exponent that fit are `integer`, every other one is `number`; an object keeps no
/// order and no duplicate names (the last one wins).
public enum JSONValue: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number of 64 bits.
    case integer(Int)
    /// Any other number; what is not finite is written as `null`.
    case number(Double)
    /// Text; never holds a lone surrogate, as no Swift string can.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Values by name.
    case object([String: JSONValue])
    /// Values by name in an order that a reader sees; only ever written, for what is read has none.
    case ordered([Member])

    /// A named value.
    public struct Member: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value.
        public let value: JSONValue

        /// A member of an object.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue {
    /// The member `key` of an object; nil for what is not an object or has no such member.
    public subscript(key: String) -> JSONValue? {
        switch self {
        case .object(let members): members[key]
        case .ordered(let members): members.first { $0.name == key }?.value
        case .null, .bool, .integer, .number, .string, .array: nil
        }
    }

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

    /// A whole number, also one written as `3.0`; nil for anything else.
    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        case .null, .bool, .string, .array, .object, .ordered: nil
        }
    }

    /// Any number; nil for anything else.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object, .ordered: nil
        }
    }

    /// The elements of an array; nil for anything else.
    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members of an object; nil for anything else.
    public var object: [String: JSONValue]? {
        if case .object(let value) = self { value } else { nil }
    }
}
