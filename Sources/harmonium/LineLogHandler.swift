internal import Foundation
internal import JSON
internal import Logging

/// Writes log lines to standard error, for people or for programs.
struct LineLogHandler: LogHandler {
    /// How a line looks.
    enum Format {
        /// Time, level, message, values.
        case text
        /// An object.
        case json
    }

    let format: Format
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(format: Format, logLevel: Logger.Level) {
        self.format = format
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { _, new in new }
        switch format {
        case .text: write(text(event, values))
        case .json: write(json(event, values))
        }
    }

    private func text(_ event: LogEvent, _ values: Logger.Metadata) -> String {
        var line = "\(Date.now.formatted(.iso8601)) \(event.level) \(event.message)"
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { line += " \(key)=\("\(value)".asLogField)" }
        return line
    }

    private func json(_ event: LogEvent, _ values: Logger.Metadata) -> String {
        var fields: JSONObject = [
            "time": .string(Date.now.formatted(.iso8601)), "level": .string("\(event.level)"),
            "message": .string("\(event.message)"),
        ]
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { fields[key] = .string("\(value)") }
        return JSONValue.object(fields).description
    }

    /// One write for a line, so that lines of several threads do not mix.
    private func write(_ line: String) {
        let oneLine = line.split(separator: "\n").joined(separator: " ⏎ ")
        try? FileHandle.standardError.write(contentsOf: Data((oneLine + "\n").utf8))
    }
}

extension String {
    /// The value of a field: as it is where it is one plain word, else in quotes, with what could end it or the line, or
    /// speak to a terminal, escaped. So no value can pass for another field or line.
    var asLogField: String {
        let isPlain = unicodeScalars.allSatisfy { !$0.isEscapedInLog && !["\"", "\\", "=", " "].contains($0) }
        guard isEmpty || !isPlain else { return self }
        let escaped = unicodeScalars.map { scalar in
            if scalar == "\"" || scalar == "\\" { return "\\\(scalar)" }
            return scalar.isEscapedInLog ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
        return "\"\(escaped.joined())\""
    }
}

extension Unicode.Scalar {
    fileprivate var isEscapedInLog: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: self != " " && properties.isWhitespace
        }
    }
}
