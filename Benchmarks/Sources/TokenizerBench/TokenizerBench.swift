import Foundation
import Reporting
import Tokenizer

/// Measures the tokenizer on one thread: mixed text, whole and in chunks, and text that others take very long for.
///
/// Standard output is one JSON object a line.
@main
struct TokenizerBench {
    private static let usage = "usage: TokenizerBench VOCABULARY-TEXT CORPUS RUNS"

    static func main() {
        do {
            try measure(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("TokenizerBench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func measure(_ arguments: [String]) throws {
        guard arguments.count == 3, let runs = Int(arguments[2]), runs > 0 else { throw BenchError(usage) }
        let encoding = Encoding(try vocabulary(from: arguments[0], runs: runs))
        let corpus = try bytes(of: arguments[1])
        let ids = encoding.encode(corpus.span)
        Report.line("tokens of mixed text", [Double(ids.count)], unit: "tokens")
        report("encode mixed text", runs) { encoding.encode(corpus.span).count == ids.count }
        report("count mixed text", runs) { encoding.count(corpus.span) == ids.count }
        try report("decode mixed text", runs) { try encoding.decode(ids).count == corpus.count }
        for (name, chunkBytes) in [("4 KiB", 4096), ("64 bytes", 64)] {
            report("encode mixed text in chunks of \(name)", runs) {
                stream(corpus.span, encoding, chunkBytes: chunkBytes) == ids.count
            }
        }
        for run in Run.all {
            let count = encoding.count(run.bytes.span)
            report("encode 1 MB of \(run.name)", runs) { encoding.encode(run.bytes.span).count == count }
        }
    }

    /// Installs the vocabulary, and measures how it is opened and what memory it takes.
    private static func vocabulary(from text: String, runs: Int) throws -> Vocabulary {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).vocabulary")
        let path = file.path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(at: file) }
        let text = try bytes(of: text)
        Report.line(
            "install the vocabulary",
            [try milliseconds { try Vocabulary.install(text: text.span, at: path) }]
        )
        Report.line(
            "open the vocabulary",
            try (0..<runs).map { _ in try milliseconds { _ = try Vocabulary(path) } }
        )
        let before = try residentMebibytes()
        let vocabulary = try Vocabulary(path)
        Report.line("memory of an open vocabulary", [try residentMebibytes() - before], unit: "MiB")
        return vocabulary
    }

    private static func report(_ what: String, _ runs: Int, isRight: () throws -> Bool) rethrows {
        let times = try (0..<runs).map { _ in
            var right = false
            let time = try milliseconds { right = try isRight() }
            // An encoder with other results is not measured.
            precondition(right, "\(what): a wrong result")
            return time
        }
        Report.line(what, times)
    }

    /// How many ids are handed out for `bytes` in chunks.
    private static func stream(_ bytes: Span<UInt8>, _ encoding: Encoding, chunkBytes: Int) -> Int {
        var encoder = IncrementalEncoder(encoding)
        var count = 0
        var start = 0
        while start < bytes.count {
            let end = min(start + chunkBytes, bytes.count)
            count += encoder.feed(bytes.extracting(start..<end)).count
            start = end
        }
        return count + encoder.finish().count
    }

    /// What this process has in memory, what it shares included.
    private static func residentMebibytes() throws -> Double {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { throw BenchError("/proc/self/status has no VmRSS") }
        return kibibytes / 1024
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: path)))
    }
}

/// A text of one kind, which an encoder may take very long for.
private struct Run {
    let name: String
    let bytes: [UInt8]

    static let all = [
        Run(name: "a", bytes: repeated("a")),
        Run(name: "spaces", bytes: repeated(" ")),
        Run(name: "newlines", bytes: repeated("\n")),
        Run(name: "base64", bytes: base64()),
        Run(name: "-", bytes: repeated("-")),
        Run(name: "漢", bytes: repeated("漢")),
    ]

    private static let byteCount = 1_000_000

    private static func repeated(_ part: String) -> [UInt8] {
        Array(String(repeating: part, count: byteCount / part.utf8.count).utf8)
    }

    /// The base64 of numbers that look random, the same every time.
    private static func base64() -> [UInt8] {
        var state: UInt64 = 1
        let bytes = (0..<byteCount * 3 / 4).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        return Array(Data(bytes).base64EncodedData())
    }
}

/// Why nothing could be measured.
private struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
