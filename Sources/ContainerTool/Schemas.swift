internal import JSON

extension JSONValue {
    /// The schema of arguments, in the order in which a model reads them.
    static func arguments(_ parameters: JSONObject, required: JSONValue) -> JSONValue {
        ["type": "object", "properties": .object(parameters), "required": required]
    }

    /// The schema of an argument of a simple type, such as `string`.
    static func parameter(_ type: String, _ description: String? = nil) -> JSONValue {
        var schema: JSONObject = ["type": .string(type)]
        schema["description"] = description.map(JSONValue.string)
        return .object(schema)
    }
}
