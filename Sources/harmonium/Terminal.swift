internal import ArgumentParser
internal import Foundation
internal import JSON

/// Standard input, output and error, of a person or a script.
enum Terminal {
    /// Whether standard output is a terminal that may show colors.
    static var isColored: Bool {
        isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Whether standard error, which gets progress, is a terminal.
    static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// The text in a faint color, where there are colors.
    static func faint(_ text: String) -> String { isColored ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    /// The text in a strong color, where there are colors.
    static func strong(_ text: String) -> String { isColored ? "\u{1B}[1;36m\(text)\u{1B}[0m" : text }

    /// Rows as lines, each column as wide as its widest text.
    static func columns(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }

    /// What was given as an argument; standard input for `-` and for nothing.
    static func input(_ argument: String?) -> [UInt8] {
        guard let argument, argument != "-" else { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
        return Array(argument.utf8)
    }

    /// The numbers in what was given as arguments, or on standard input.
    static func ids(_ arguments: [String]) throws -> [UInt32] {
        try ids(in: arguments.isEmpty ? input(nil) : Array(arguments.joined(separator: " ").utf8))
    }

    /// The numbers in a text, whatever stands between them.
    static func ids(in text: [UInt8]) throws -> [UInt32] {
        try text.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.map { digits in
            let number = String(decoding: digits, as: UTF8.self)
            guard let id = UInt32(number) else { throw ValidationError("\(number) is not a token ID") }
            return id
        }
    }
}

/// Prints a value as one line of JSON.
func print(json: JSONValue) { print(String(decoding: json.encoded(), as: UTF8.self)) }
