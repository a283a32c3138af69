/// Any JSON value, with the members of objects in the order in which they were written.
///
/// The order matters where a model reads it: the properties of a schema are declared in this order. Whole numbers are
/// `integer` or, where they only fit without a sign, `unsigned`; every other number is `number`.
public enum OrderedJSON: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A whole number of 64 bits.
    case integer(Int)
    /// A whole number of 64 bits that is too large for a sign.
    case unsigned(UInt64)
    /// Any other number.
    case number(Double)
    /// Text.
    case string(String)
    /// Values in order.
    case array([OrderedJSON])
    /// Members in order; of members with one name, `subscript` finds the first.
    case object([Member])

    /// A named value.
    public struct Member: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value.
        public let value: OrderedJSON

        /// A member of an object.
        public init(_ name: String, _ value: OrderedJSON) {
            self.name = name
            self.value = value
        }
    }
}

extension OrderedJSON {
    /// The member `name` of an object, which may be `null`; nil for what is not an object or has no such member.
    public subscript(name: String) -> OrderedJSON? {
        object?.first { $0.name == name }?.value
    }

    /// The text of a string; nil for anything else.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The value of `true` and `false`; nil for anything else.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements of an array; nil for anything else.
    public var array: [OrderedJSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members of an object; nil for anything else.
    public var object: [Member]? {
        if case .object(let value) = self { value } else { nil }
    }
}

extension OrderedJSON: ExpressibleByBooleanLiteral {
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension OrderedJSON: ExpressibleByIntegerLiteral {
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
}

extension OrderedJSON: ExpressibleByFloatLiteral {
    /// Any number.
    public init(floatLiteral value: Double) { self = .number(value) }
}

extension OrderedJSON: ExpressibleByStringLiteral {
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension OrderedJSON: ExpressibleByArrayLiteral {
    /// Values in order.
    public init(arrayLiteral elements: OrderedJSON...) { self = .array(elements) }
}

extension OrderedJSON: ExpressibleByDictionaryLiteral {
    /// Members in order.
    public init(dictionaryLiteral elements: (String, OrderedJSON)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
