import Foundation
import JSON
import MCP
import Testing

/// A fault that was found in the field: an input, and what should come of it.
///
/// The package's own are lines of `Field/NAME.jsonl`, with what is `shown` and `absent` as patterns. The folder that
/// `HARMONIUM_SHARED` names may have more in `field/NAME.jsonl`, whose expectations are tables in Swift.
struct FieldCase: Sendable {
    let id: String
    let severity: String
    /// Everything that was recorded.
    let record: JSONValue

    /// One that the suite itself says how to try.
    static func named(_ id: String) -> FieldCase { FieldCase(id: id, severity: "", record: [:]) }

    /// The folder that `HARMONIUM_SHARED` names; need not be there.
    static let sharedFolder = URL(
        filePath: ProcessInfo.processInfo.environment["HARMONIUM_SHARED"] ?? "../shared",
        relativeTo: Program.packageRoot
    )

    /// The files of this name that there are, the package's own first.
    static func files(_ name: String) -> [URL] { [ownFile(name), sharedFile(name)].filter(isFile) }

    /// Whether the shared folder has a file of this name.
    static func areShared(_ name: String) -> Bool { isFile(sharedFile(name)) }

    /// All cases of the package's own file, and then of the shared one.
    static func all(_ name: String) throws -> [FieldCase] { try files(name).flatMap(cases) }

    /// Those of the shared file; none where it is not there.
    static func shared(_ name: String) throws -> [FieldCase] { try [sharedFile(name)].filter(isFile).flatMap(cases) }

    /// What the case itself says to be right; nil in a shared one.
    var expectation: BrowserField.Expectation? {
        guard let shown = record["shown"]?.array else { return nil }
        let absent = record["absent"]?.array ?? []
        return BrowserField.Expectation(shown: shown.compactMap(\.string), absent: absent.compactMap(\.string))
    }

    private static func ownFile(_ name: String) -> URL {
        Program.packageRoot.appending(path: "Tests/EndToEndTests/Field/\(name).jsonl")
    }

    private static func sharedFile(_ name: String) -> URL { sharedFolder.appending(path: "field/\(name).jsonl") }

    private static func isFile(_ url: URL) -> Bool { FileManager.default.isReadableFile(atPath: url.path) }

    /// The cases of a file, in its order.
    private static func cases(of file: URL) throws -> [FieldCase] {
        try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map { line in
            let record = try JSONValue(parsing: Array(line))
            return FieldCase(
                id: record["id"]?.string ?? "",
                severity: record["severity"]?.string ?? "",
                record: record
            )
        }
    }
}

/// What became of the cases of a file, as a table; each that is wrong is an issue.
struct FieldReport {
    enum Outcome: CustomStringConvertible {
        case right
        case wrong(String)
        /// Another test tries the same.
        case elsewhere(String)
        /// The outcome that was recorded as right is not wanted.
        case judged(String)
        /// Not right yet.
        case open

        var description: String {
            switch self {
            case .right: "right"
            case .wrong: "WRONG"
            case .elsewhere(let test): "tried by `\(test)`"
            case .judged(let reason): "judged: \(reason)"
            case .open: "open"
            }
        }
    }

    let title: String
    private var rows: [String] = []

    init(title: String) { self.title = title }

    mutating func add(_ found: FieldCase, _ outcome: Outcome) {
        let id = found.id.padding(toLength: 28, withPad: " ", startingAt: 0)
        let severity = found.severity.padding(toLength: 10, withPad: " ", startingAt: 0)
        rows.append("\(id)\(severity)\(outcome)")
        if case .wrong(let display) = outcome {
            Issue.record("\(found.id): \(found.record["expected"]?.string ?? "")\n\(display)")
        }
    }

    func show() { print("\(title)\n\(rows.joined(separator: "\n"))") }
}
