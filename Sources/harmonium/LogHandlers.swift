internal import Foundation
internal import Logging

/// Log lines for people: time, level, message, values.
struct TextLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, logLevel: Logger.Level) {
        self.label = label
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = "\(Date.now.formatted(.iso8601)) \(event.level) \(event.message)"
        let values = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { line += " \(key)=\(value)" }
        LogLine.write(line)
    }
}

/// Log lines for programs: an object each.
struct JSONLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, logLevel: Logger.Level) {
        self.label = label
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = ["time": Date.now.formatted(.iso8601), "level": "\(event.level)", "message": "\(event.message)"]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { _, new in new }) {
            fields[key] = "\(value)"
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(fields) else { return }
        LogLine.write(String(decoding: bytes, as: UTF8.self))
    }
}

private enum LogLine {
    /// One write for a line, so that lines of several threads do not mix.
    static func write(_ line: String) {
        let oneLine = line.split(separator: "\n").joined(separator: " ⏎ ")
        try? FileHandle.standardError.write(contentsOf: Data((oneLine + "\n").utf8))
    }
}
