internal import ArgumentParser
internal import Foundation
internal import JSON

/// Where a person types and reads, or where a script does.
enum Terminal {
    /// Whether standard output is a terminal whose owner has nothing against colours.
    static var isColoured: Bool {
        isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Whether somebody watches standard error, where progress goes.
    static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// What stands back, where there are colours.
    static func faint(_ text: String) -> String { isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    /// What stands out, where there are colours.
    static func strong(_ text: String) -> String { isColoured ? "\u{1B}[1;36m\(text)\u{1B}[0m" : text }

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
            guard let id = UInt32(number) else { throw ValidationError("\(number) is no token id") }
            return id
        }
    }
}

/// Prints a value as one line of JSON.
func print(json: JSONValue) { print(String(decoding: json.encoded(), as: UTF8.self)) }
