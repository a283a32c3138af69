/// JSON as far as answers of services are read.
indirect enum LooseJSON: Decodable, Equatable, Sendable {
    case string(String)
    case list([LooseJSON])
    case object([String: LooseJSON])
    /// Numbers, truth values and null.
    case other

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let list = try? value.decode([LooseJSON].self) {
            self = .list(list)
        } else if let object = try? value.decode([String: LooseJSON].self) {
            self = .object(object)
        } else {
            self = .other
        }
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var list: [LooseJSON]? {
        if case .list(let values) = self { values } else { nil }
    }

    /// What the keys `path` lead to, one inside of the other.
    func value(at path: [String]) -> LooseJSON? {
        guard let name = path.first else { return self }
        guard case .object(let members) = self else { return nil }
        return members[name]?.value(at: Array(path.dropFirst()))
    }

    /// The text of a member: a string, several, or a list of labels with their values.
    func text(of member: String) -> String? {
        switch value(at: [member]) {
        case .string(let text): return text
        case .list(let values): return values.compactMap(\.passage).joined(separator: " … ")
        case .object, .other, nil: return nil
        }
    }

    private var passage: String? {
        guard case .object(let members) = self else { return string }
        guard let value = members["value"]?.string else { return nil }
        return members["label"]?.string.map { "\($0): \(value)" } ?? value
    }
}
