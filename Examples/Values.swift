import JSON

/// Reads JSON from outside, changes a member, and prints it with its members in order.
func addVersion(to text: String) throws {
    let value = try JSONValue(parsing: text, limits: JSONLimits(valuesMax: 1000))
    guard let object = value.object else { return print("no object") }
    print("name is", value["name"]?.string ?? "missing")
    print(JSONValue.object(object.merging(["version": 2])))
}
