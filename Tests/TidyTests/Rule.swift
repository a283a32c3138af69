import Testing

/// One rule of ours that a program can check, with samples that show it does.
struct Rule: CustomTestStringConvertible, Sendable {
    /// The rule, as a person would say it.
    let name: String
    /// A source that breaks the rule, on `brokenLines`.
    let broken: SwiftSource
    /// Counted from 1.
    let brokenLines: [Int]
    /// A source that looks alike and keeps every rule.
    let kept: SwiftSource
    /// The lines, from 1 on, on which a source breaks the rule.
    let offences: @Sendable (SwiftSource) -> [Int]

    var testDescription: String { name }

    init(
        _ name: String,
        at path: String = "Sources/MCP/Sample.swift",
        broken: String,
        onLines brokenLines: [Int] = [1],
        kept: String,
        offences: @escaping @Sendable (SwiftSource) -> [Int]
    ) {
        self.name = name
        self.broken = SwiftSource(path: path, text: broken)
        self.brokenLines = brokenLines
        self.kept = SwiftSource(path: path, text: kept)
        self.offences = offences
    }
}

extension Rule {
    static let fileLinesMax = 400
    static let functionLinesMax = 40

    static let all: [Rule] = shape + interfaces + layering + concurrency + leftovers

    /// How long a thing may be.
    private static let shape: [Rule] = [
        Rule(
            "a file has at most \(fileLinesMax) lines",
            broken: String(repeating: "\n", count: fileLinesMax + 1),
            onLines: [fileLinesMax + 1],
            kept: String(repeating: "\n", count: fileLinesMax)
        ) { source in
            // The newline that ends the last line begins no line of its own.
            let lineCount = source.code.count - (source.code.last?.isEmpty == true ? 1 : 0)
            return lineCount > fileLinesMax ? [lineCount] : []
        },
        Rule(
            "a function has at most \(functionLinesMax) lines",
            broken: "func long() {" + String(repeating: "\n", count: functionLinesMax) + "}",
            kept: "func long() {" + String(repeating: "\n", count: functionLinesMax - 1) + "}"
        ) { source in
            source.functions.filter { $0.lineCount > functionLinesMax }.map(\.line)
        },
    ]

    /// Who may know whom.
    private static let layering: [Rule] = [
        Rule(
            "a target imports only what the design's table lets it",
            at: "Sources/LinuxSystem/Sample.swift",
            broken: "internal import Foundation",
            kept: "internal import CLinux\nimport Glibc\n// import Foundation"
        ) { source in
            guard let target = source.target, source.path.hasPrefix("Sources/") else { return [] }
            return source.imports.filter { !Architecture.mayImport($0.module, in: target) }.map(\.line)
        },
        Rule(
            "tests are Swift Testing's",
            at: "Tests/MCPTests/Sample.swift",
            broken: "import XCTest",
            kept: "import Testing"
        ) { source in
            source.imports.filter { $0.module == "XCTest" }.map(\.line)
        },
        Rule(
            "unsafe stays where Linux and Python are called, and where a file is mapped",
            broken: "let first = unsafe bytes.baseAddress",
            kept: "// unsafe\nlet safer = \"unsafe\"; let unsafely = 1"
        ) { source in
            guard let target = source.target, !Architecture.unsafeTargets.contains(target) else { return [] }
            guard !Architecture.unsafeFiles.contains(source.path) else { return [] }
            return source.lines(where: #/\bunsafe\b/#)
        },
    ]

    /// Who may wait for what.
    private static let concurrency: [Rule] = [
        Rule(
            "the worker has one thread and no async",
            at: "Sources/harmonium-python/Sample.swift",
            broken: "func serve() async {}\nlet one = 1\nlet two = await one",
            onLines: [1, 3],
            kept: "/// Not async.\nlet asynchronous = \"await\""
        ) { source in
            guard let target = source.target, Architecture.workerTargets.contains(target) else { return [] }
            return source.lines(where: #/\b(?:async|await)\b/#)
        },
        Rule(
            "no promise to the compiler that it cannot check",
            broken: "final class Box: @unchecked  Sendable {}\nnonisolated(unsafe) var count = 0\n",
            onLines: [1, 2],
            kept: "final class Box: Sendable {}\nnonisolated let count = 0\n"
        ) { source in
            source.lines(where: #/@unchecked\s+Sendable\b|\bnonisolated\s*\(\s*unsafe\s*\)/#)
        },
        Rule(
            "no semaphores",
            broken: "let done = DispatchSemaphore(value: 0)",
            kept: "let done = \"DispatchSemaphore\""
        ) { source in
            source.lines(where: #/\bDispatchSemaphore\b/#)
        },
        Rule(
            "no test sleeps",
            at: "Tests/MCPTests/Sample.swift",
            broken: "try await Task.sleep(for: .seconds(1))\nusleep(5)",
            onLines: [1, 2],
            kept: "let source = \"time.sleep(1)\"; run(sleeping)"
        ) { source in
            source.path.hasPrefix("Tests/") ? source.lines(where: #/sleep\s*\(/#) : []
        },
        Rule(
            "every suite has a time limit",
            at: "Tests/MCPTests/Sample.swift",
            broken: "@Suite struct A {}\n@Suite(\n    .serialized\n)\nstruct B {}",
            onLines: [1, 2],
            kept: "@Suite(.bounded) struct A {\n    @Suite struct B {}\n}\n"
                + "@Suite(\n    .timeLimit(.minutes(1))\n)\nenum C {}"
        ) { source in
            source.lines(where: #/^@Suite\b/#).filter { line in
                let type = source.code[(line - 1)...].prefix { !$0.contains(#/\b(?:struct|enum|class)\b/#) }
                let text = source.code[(line - 1)...].prefix(type.count + 1).joined()
                return !text.contains(#/\.(?:bounded|fuzzing|timeLimit)\b/#)
            }
        },
    ]

    /// What a change must not leave in the tree.
    private static let leftovers: [Rule] = [
        Rule(
            "nothing is left to do",
            broken: "let one = 1  // TODO: two\n/* FIXME */",
            onLines: [1, 2],
            kept: "let word = \"TODO\"  // All done."
        ) { source in
            source.commentLines(where: #/\b(?:TODO|FIXME|XXX)\b/#)
        }
    ]
}
