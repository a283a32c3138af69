internal import JSON

/// The arguments of a call as a model wrote them, by all the names that models have for them.
struct CallArguments {
    /// Why a call is not carried out, as the model reads it.
    struct Refusal: Error {
        let text: String
    }

    private let values: JSONObject

    init(_ values: JSONObject) { self.values = values }

    /// What was written under the first of `names` that has more than `null`.
    subscript(names: String...) -> JSONValue? {
        names.lazy.compactMap { values[$0] }.first { !$0.isNull }
    }

    /// A text, also a number without quotes; nil where nothing is written.
    func text(_ name: String) throws(Refusal) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.plainText else { throw Refusal(text: "`\(name)` has to be a string.") }
        guard !text.utf8.contains(0) else {
            throw Refusal(text: "`\(name)` has a NUL character, which no program can get.")
        }
        return text
    }

    /// Whether a switch is on, also one in quotes; it is off where nothing is written.
    func isOn(_ name: String) throws(Refusal) -> Bool {
        switch self[name]?.plainText {
        case "true": return true
        case "false": return false
        case let text? where !text.isEmpty:
            throw Refusal(text: "`\(name)` has to be true or false, and not \(text.prefix(20)).")
        default: return false
        }
    }

    /// A number, also one in quotes; nil where nothing is written.
    func number(_ name: String) throws(Refusal) -> Double? {
        guard let value = self[name] else { return nil }
        guard let number = value.number ?? value.string.flatMap(Double.init), number.isFinite else {
            throw Refusal(text: "`\(name)` has to be a number of milliseconds, such as 10000.")
        }
        return number
    }
}

extension JSONValue {
    /// The text of a string, a number or a truth value; nil for anything else.
    var plainText: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .unsigned(let number): String(number)
        case .number(let number): String(number)
        case .bool(let isTrue): isTrue ? "true" : "false"
        case .null, .array, .object: nil
        }
    }
}
