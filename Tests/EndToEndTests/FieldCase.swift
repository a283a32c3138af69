import Foundation
import JSON
import MCP
import Testing

/// A fault that was recorded in the field, outside the repository: an input, and what should come of it.
struct FieldCase: Sendable {
    let id: String
    let severity: String
    /// Everything that was recorded.
    let record: JSONValue

    /// The folder that `HARMONIUM_SHARED` names.
    private static let folder = URL(
        filePath: ProcessInfo.processInfo.environment["HARMONIUM_SHARED"] ?? "../shared",
        relativeTo: Program.packageRoot
    ).appending(path: "field")

    static func file(_ name: String) -> String { folder.appending(path: "\(name).jsonl").path(percentEncoded: false) }

    static func areRecorded(_ name: String) -> Bool { FileManager.default.isReadableFile(atPath: file(name)) }

    /// All cases of a file, in its order.
    static func all(_ name: String) throws -> [FieldCase] {
        try Data(contentsOf: URL(filePath: file(name))).split(separator: UInt8(ascii: "\n")).map { line in
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
