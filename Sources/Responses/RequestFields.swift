internal import JSON

/// The members of a JSON object in a request, read with errors that name them.
struct RequestFields {
    private let object: JSONObject
    /// What stands before a member's name in errors, such as `tools[0].`.
    private let path: String

    init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    /// The name of a member in errors.
    func name(of member: String) -> String { path + member }

    /// The member's value; nil where it is absent or `null`.
    subscript(member: String) -> JSONValue? { object[member].flatMap { $0.isNull ? nil : $0 } }

    func text(_ member: String) throws(ResponseError) -> String? {
        try read(member, kind: "a string") { $0.string }
    }

    func flag(_ member: String) throws(ResponseError) -> Bool? {
        try read(member, kind: "true or false") { $0.bool }
    }

    func number(_ member: String, in range: ClosedRange<Double>) throws(ResponseError) -> Double? {
        try read(member, kind: "a number from \(range.lowerBound) to \(range.upperBound)") { value in
            value.number.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    func count(_ member: String) throws(ResponseError) -> Int? {
        try read(member, kind: "a whole number of at least 1") { value in
            value.integer.flatMap { $0 >= 1 ? $0 : nil }
        }
    }

    func objects(_ member: String) throws(ResponseError) -> [RequestFields]? {
        guard let items = try read(member, kind: "an array", { $0.array }) else { return nil }
        var fields: [RequestFields] = []
        for (index, item) in items.enumerated() {
            let path = "\(name(of: member))[\(index)]"
            guard let object = item.object else { throw ResponseError.invalid(path, "`\(path)` has to be an object.") }
            fields.append(RequestFields(object, path: "\(path)."))
        }
        return fields
    }

    /// The text of a member that there has to be.
    func requiredText(_ member: String) throws(ResponseError) -> String {
        guard let text = try text(member) else {
            throw .missingParameter(name(of: member))
        }
        return text
    }

    /// The object as it came.
    var json: JSONValue { .object(object) }

    private func read<Value>(
        _ member: String,
        kind: String,
        _ value: (JSONValue) -> Value?
    ) throws(ResponseError) -> Value? {
        guard let json = self[member] else { return nil }
        guard let read = value(json) else {
            throw ResponseError.invalid(name(of: member), "`\(name(of: member))` has to be \(kind).")
        }
        return read
    }
}
