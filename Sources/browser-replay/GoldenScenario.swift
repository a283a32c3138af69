import Browsing
import Foundation
import JSON

/// A recorded session with the reference: what it was asked, what it could reach, what it said.
struct GoldenScenario: Sendable {
    let id: String
    let viewTokens: Int
    let isStable: Bool
    let backend: Backend
    let calls: [Call]
    let pages: [String: Page]
    let stack: [String]

    struct Backend: Sendable {
        let kind: String
        let pages: [String: StoredPage]
        let searches: JSONObject
    }

    struct StoredPage: Sendable {
        let file: String?
        let encoding: String?
        let title: String?
        let transform: String?
        let error: JSONValue?
        let body: String?
    }

    struct Call: Sendable {
        let function: String
        let arguments: JSONObject
        let output: String?
        let raises: String?
        let cursor: Int
    }

    struct Page: Sendable {
        let title: String
        let links: [String: String]
        let digest: String
        let scalarCount: Int
        let lineCount: Int
        let hasMatches: Bool
    }

    /// The scenarios in `folder`, by name.
    static func all(in folder: URL) throws -> [GoldenScenario] {
        let others: Set<String> = ["index.json", "units.json", "mcp_reference.json"]
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { $0.hasSuffix(".json") && !others.contains($0) }
        return try names.sorted().map { name in
            try GoldenScenario(parsing: [UInt8](Data(contentsOf: folder.appending(path: name))))
        }
    }
}

extension GoldenScenario {
    /// Reads a recording. Throws for what is not JSON, and for what lacks a member.
    init(parsing bytes: [UInt8]) throws {
        let json = try JSONValue(parsing: bytes, limits: JSONLimits(valuesMax: 1_000_000))
        id = try json.required("id", \.string)
        viewTokens = try json.required("view_tokens", \.integer)
        isStable = try json.required("stable", \.bool)
        backend = try Backend(json.required("backend"))
        calls = try json.required("calls", \.array).map(Call.init)
        pages = try json.required("pages_after", \.object).mapped(Page.init)
        stack = try json.required("page_stack_after", \.array).compactMap(\.string)
    }
}

extension GoldenScenario.Backend {
    fileprivate init(_ json: JSONValue) throws {
        kind = try json.required("kind", \.string)
        pages = try json.required("pages", \.object).mapped(GoldenScenario.StoredPage.init)
        searches = try json.required("searches", \.object)
    }
}

extension GoldenScenario.StoredPage {
    fileprivate init(_ json: JSONValue) {
        file = json["html_file"]?.string
        encoding = json["encoding"]?.string
        title = json["title"]?.string
        transform = json["transform"]?.string
        error = json["error"].flatMap { $0.isNull ? nil : $0 }
        body = json["body"]?.string
    }
}

extension GoldenScenario.Call {
    fileprivate init(_ json: JSONValue) throws {
        function = try json.required("fn", \.string)
        arguments = try json.required("args", \.object)
        output = json["output"]?.string
        raises = json["raises"]?.string
        cursor = try json.required("cursor_after", \.integer)
    }
}

extension GoldenScenario.Page {
    fileprivate init(_ json: JSONValue) throws {
        title = try json.required("title", \.string)
        links = try json.required("urls", \.object).mapped { $0.string ?? "" }
        digest = try json.required("text_sha256", \.string)
        scalarCount = try json.required("chars", \.integer)
        lineCount = try json.required("lines", \.integer)
        hasMatches = try json.required("has_snippets", \.bool)
    }
}

extension JSONValue {
    fileprivate struct MissingMember: Error, CustomStringConvertible {
        let name: String
        var description: String { "the recording has no `\(name)` of the right kind" }
    }

    fileprivate func required<Value>(_ name: String, _ kind: (JSONValue) -> Value?) throws -> Value {
        guard let value = self[name].flatMap(kind) else { throw MissingMember(name: name) }
        return value
    }

    fileprivate func required(_ name: String) throws -> JSONValue { try required(name) { $0 } }
}

extension JSONObject {
    fileprivate func mapped<Value>(_ read: (JSONValue) throws -> Value) rethrows -> [String: Value] {
        Dictionary(uniqueKeysWithValues: try map { ($0.name, try read($0.value)) })
    }
}

extension JSONValue {
    var argument: BrowsingArgument {
        switch self {
        case .null: .null
        case .bool(let value): .truth(value)
        case .integer(let value): .integer(value)
        case .unsigned(let value): .number(Double(value))
        case .number(let value): .number(value)
        case .string(let value): .text(value)
        case .array: .list
        case .object: .object
        }
    }

    /// What Python prints for it in a list or in a text.
    var pythonText: String {
        switch self {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .integer(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): value
        case .array(let values): "[" + values.map(\.pythonLiteral).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "'\($0.name)': " + $0.value.pythonLiteral }.joined(separator: ", ") + "}"
        }
    }

    private var pythonLiteral: String {
        guard case .string(let value) = self else { return pythonText }
        let quote: Unicode.Scalar = value.contains("'") && !value.contains("\"") ? "\"" : "'"
        var literal = String(quote)
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            case "\\": literal += "\\\\"
            case quote: literal += "\\\(quote)"
            case let control where control.value < 0x20 || control.value == 0x7F:
                let digits = String(control.value, radix: 16)
                literal += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + String(quote)
    }
}
