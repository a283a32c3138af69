internal import JSON

/// Writes declarations of tools as the model was trained to read them: comments, and types made from JSON schemas.
///
/// Equal to the library down to what looks like its mistakes, for the model has learnt those: `anyOf`, `allOf`, `$ref`
/// and `const` are `any`, later lines of a property's description are no comments, an object's description stands
/// again before its brace, and the variants of a property end in a lone comma.
struct TypeScript {
    let flavor: Flavor

    /// The section that declares namespaces, in the order of their keys' bytes.
    func section(declaring namespaces: [String: NamespaceDeclaration]) -> String {
        let ordered = namespaces.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return (["# Tools"] + ordered.map { declaration(of: $0.value) }).joined(separator: "\n\n")
    }

    private func declaration(of namespace: NamespaceDeclaration) -> String {
        var lines = ["## \(namespace.name)\n"]
        let description = namespace.description?.textLines ?? []
        guard !namespace.tools.isEmpty else { return (lines + description).joined(separator: "\n") }
        lines += description.map { "// \($0)" }
        lines.append("namespace \(namespace.name) {\n")
        for tool in namespace.tools {
            lines += tool.description.textLines.map { "// \($0)" }
            let parameters = tool.parameters.map { "_: \(type(of: $0, indent: ""))" } ?? ""
            lines.append("type \(tool.name) = (\(parameters)) => any;\n")
        }
        lines.append("} // namespace \(namespace.name)")
        return lines.joined(separator: "\n")
    }

    /// The type that a schema describes.
    func type(of schema: JSONValue, indent: String) -> String {
        if let variants = schema["oneOf"]?.array { return union(of: variants, indent: indent) }
        if let names = schema["type"]?.array?.compactMap(\.string), !names.isEmpty {
            return names.map { $0 == "integer" ? "number" : $0 }.joined(separator: " | ")
        }
        switch schema["type"]?.string {
        case "object": return object(of: schema, indent: indent)
        case "string":
            let values = schema["enum"]?.array?.compactMap(\.string) ?? []
            return values.isEmpty ? "string" : values.map { "\"\($0)\"" }.joined(separator: " | ")
        case "number", "integer": return "number"
        case "boolean": return "boolean"
        case "array": return schema["items"].map { type(of: $0, indent: indent) + "[]" } ?? "Array<any>"
        default: return "any"
        }
    }

    private func union(of variants: [JSONValue], indent: String) -> String {
        variants.map { variant in
            var comments = variant["description"]?.string.map { [$0] } ?? []
            if let value = variant["default"] {
                // Here, and only here, the default of an enumeration is quoted.
                let text = variant.isEnumeration ? value.text(in: flavor) : defaultText(of: variant, value)
                comments.append("default: \(text)")
            }
            return "\n\(indent) | " + variantType(of: variant, indent: indent) + trailing(comments)
        }.joined()
    }

    private func object(of schema: JSONValue, indent: String) -> String {
        var text = schema["description"]?.string.map { "\(indent)// \($0)\n" } ?? ""
        text += "{\n"
        let required = Set(schema["required"]?.array?.compactMap { $0.string.map { Array($0.utf8) } } ?? [])
        for member in schema["properties"]?.object ?? [:] {
            let name = required.contains(Array(member.name.utf8)) ? member.name : "\(member.name)?"
            text += property(name, of: member.value, indent: indent)
        }
        return text + "\(indent)}"
    }

    private func property(_ name: String, of schema: JSONValue, indent: String) -> String {
        var text = schema["title"]?.string.map { "\(indent)// \($0)\n\(indent)//\n" } ?? ""
        if schema["oneOf"] == nil, let description = schema["description"]?.string {
            text += "\(indent)// \(description)\n"
        }
        if let examples = schema["examples"]?.array, !examples.isEmpty {
            text += "\(indent)// Examples:\n"
            text += examples.compactMap(\.string).map { "\(indent)// - \"\($0)\"\n" }.joined()
        }
        if let variants = schema["oneOf"]?.array {
            return text + alternatives(name, of: schema, variants, indent: indent)
        }
        text += "\(indent)\(name): \(nullableType(of: schema, indent: indent + "    ")),"
        if schema["oneOf"] == nil, let value = schema["default"] {
            text += " // default: \(defaultText(of: schema, value))"
        }
        return text + "\n"
    }

    /// A property that is one of several types, each on a line of its own.
    private func alternatives(
        _ name: String,
        of schema: JSONValue,
        _ variants: [JSONValue],
        indent: String
    ) -> String {
        var text = ""
        let description = schema["description"]?.string
        let isShownAbove = description != nil && description != variants.first?["description"]?.string
        if isShownAbove, let description { text += "\(indent)// \(description)\n" }
        if let value = schema["default"] { text += "\(indent)// default: \(defaultText(of: schema, value))\n" }
        text += "\(indent)\(name):\n"
        for (index, variant) in variants.enumerated() {
            var comments: [String] = []
            if !(index == 0 && isShownAbove), let own = variant["description"]?.string, own != description {
                comments.append(own)
            }
            if let value = variant["default"] { comments.append("default: \(defaultText(of: variant, value))") }
            text += "\(indent) | " + variantType(of: variant, indent: indent) + trailing(comments) + "\n"
        }
        return text + "\(indent),\n"
    }

    private func variantType(of schema: JSONValue, indent: String) -> String {
        nullableType(of: schema, indent: indent + "   ")
    }

    private func nullableType(of schema: JSONValue, indent: String) -> String {
        let type = type(of: schema, indent: indent)
        let addsNull = schema["nullable"]?.bool == true && !type.utf8.contains("null".utf8)
        return addsNull ? type + " | null" : type
    }

    private func trailing(_ comments: [String]) -> String {
        comments.isEmpty ? "" : " // " + comments.joined(separator: " ")
    }

    private func defaultText(of schema: JSONValue, _ value: JSONValue) -> String {
        guard let text = value.string else { return value.text(in: flavor) }
        return schema.isEnumeration ? text : "\"\(text)\""
    }
}

extension JSONValue {
    fileprivate var isEnumeration: Bool { self["enum"]?.array?.isEmpty == false }
}

extension String {
    /// The lines: ended by `\n` or `\r\n`, without an empty one after the last end (Rust, `str::lines`).
    fileprivate var textLines: [String] {
        var lines = unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        // What no line feed ends keeps its carriage return.
        let last = lines.removeLast()
        let ended = lines.map { String($0.last == "\r" ? $0.dropLast() : $0) }
        return last.isEmpty ? ended : ended + [String(last)]
    }
}
