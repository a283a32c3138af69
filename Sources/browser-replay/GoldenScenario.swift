import Browsing
import Foundation

/// A recorded session with the reference: what it was asked, what it could reach, what it said.
struct GoldenScenario: Decodable, Sendable {
    let id: String
    let viewTokens: Int
    let isStable: Bool
    let backend: Backend
    let calls: [Call]
    let pages: [String: Page]
    let stack: [String]

    enum CodingKeys: String, CodingKey {
        case id, backend, calls
        case viewTokens = "view_tokens"
        case isStable = "stable"
        case pages = "pages_after"
        case stack = "page_stack_after"
    }

    struct Backend: Decodable, Sendable {
        let kind: String
        let pages: [String: StoredPage]
        let searches: [String: JSONValue]
    }

    struct StoredPage: Decodable, Sendable {
        let file: String?
        let encoding: String?
        let title: String?
        let transform: String?
        let error: JSONValue?
        let body: String?

        enum CodingKeys: String, CodingKey {
            case encoding, title, transform, error, body
            case file = "html_file"
        }
    }

    struct Call: Decodable, Sendable {
        let function: String
        let arguments: [String: JSONValue]
        let output: String?
        let raises: String?
        let cursor: Int

        enum CodingKeys: String, CodingKey {
            case output, raises
            case function = "fn"
            case arguments = "args"
            case cursor = "cursor_after"
        }
    }

    struct Page: Decodable, Sendable {
        let title: String
        let links: [String: String]
        let digest: String
        let scalarCount: Int
        let lineCount: Int
        let hasMatches: Bool

        enum CodingKeys: String, CodingKey {
            case title
            case links = "urls"
            case digest = "text_sha256"
            case scalarCount = "chars"
            case lineCount = "lines"
            case hasMatches = "has_snippets"
        }
    }

    /// The scenarios in `folder`, by name.
    static func all(in folder: URL) throws -> [GoldenScenario] {
        let others: Set<String> = ["index.json", "units.json", "mcp_reference.json"]
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { $0.hasSuffix(".json") && !others.contains($0) }
        return try names.sorted().map { name in
            try JSONDecoder().decode(Self.self, from: Data(contentsOf: folder.appending(path: name)))
        }
    }
}

/// Any JSON.
enum JSONValue: Decodable, Equatable, Sendable {
    case null
    case truth(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    var text: String? { if case .text(let value) = self { value } else { nil } }
    var list: [JSONValue]? { if case .list(let value) = self { value } else { nil } }

    var argument: BrowsingArgument {
        switch self {
        case .null: .null
        case .truth(let value): .truth(value)
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .text(let value): .text(value)
        case .list: .list
        case .object: .object
        }
    }

    /// What Python prints for it in a list or in a text.
    var pythonText: String {
        switch self {
        case .null: "None"
        case .truth(let value): value ? "True" : "False"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): value
        case .list(let values): "[" + values.map(\.pythonLiteral).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "'\($0)': " + $1.pythonLiteral }.joined(separator: ", ") + "}"
        }
    }

    private var pythonLiteral: String {
        guard case .text(let value) = self else { return pythonText }
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
