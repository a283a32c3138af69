import Foundation
import Subprocess
import SystemPackage
import Testing

/// That the examples print what they are for, and that the documentation shows them as they are.
@Suite(.timeLimit(.minutes(10))) struct ExamplesTests {
    @Test(arguments: [
        ("values", "name is lamp\n{\"name\":\"lamp\",\"big\":9007199254740993,\"version\":2}\n"),
        ("terminal", "\"100%\\n\"\n\"\"\n\"$ \"\n"), ("frames", "write table.csv with 8 bytes\n"),
        ("cell", "run within 1000 ms: print(1)\n"),
        ("container-input", "command 7 reads \"ls\\n\"\n"),
        ("page", "Lamps\n# Lamps \n\nSee 【0†all】.\n【0】 https://www.example.com/b\n"),
        (
            "tool-server",
            #"{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"3"}],"isError":false}}"# + "\n"
        ),
    ])
    func `an example prints its result`(name: String, output: String) async throws {
        #expect(try await Self.run([name]) == output)
    }

    @Test(
        .enabled(if: hasVocabulary, "run scripts/vocabulary debug"),
        arguments: [
            ("conversation", "It is 42.\n"),
            ("library", "It was built in 1871 ([www.example.com](https://www.example.com/lamp)) . \n"),
            ("warm-up", "a prompt of"),
        ]
    )
    func `an example with the vocabulary prints its result`(name: String, output: String) async throws {
        #expect(try await Self.run([name]).contains(output))
    }

    @Test(.enabled(if: hasVocabulary, "run scripts/vocabulary debug"))
    func `pieces have the tokens of the whole`() async throws {
        let lines = try await Self.run(["tokens"]).split(separator: "\n").map { line in
            String(line.drop { $0 != "[" }.dropFirst().prefix { $0 != "]" })
        }
        let pieces = lines.dropLast().filter { !$0.isEmpty }.joined(separator: ", ")
        #expect(lines.count == 6 && pieces == lines[5])
    }

    @Test func `cells of one session share their variables`() async throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "harmonium-example-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        let root = home.appending(path: "root")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        let socket = home.appending(path: "socket").path
        let worker = Process()
        let (input, output) = (Pipe(), Pipe())
        worker.executableURL = URL(filePath: Self.program("harmonium-python"))
        worker.arguments = [
            "--socket", socket, "--sandbox", Self.root.appending(path: "sandbox").path, "--root", root.path,
        ]
        (worker.standardInput, worker.standardOutput) = (input, output)
        try worker.run()
        var said = ""
        while !said.contains("ready\n"), worker.isRunning {
            said += String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        }
        let shown = try await Self.run(["session", socket])
        // The worker lives for as long as its standard input is open.
        try input.fileHandleForWriting.close()
        worker.waitUntilExit()
        #expect(shown.contains("42\n"))
    }

    @Test func `each library's documentation has an example of ours`() throws {
        let examples = try Self.files("Examples", "swift")
        let pages = try Self.files("Sources", "md").filter { $0.path.contains(".docc/") }
        #expect(pages.count == 15)
        for page in pages {
            let parts = page.text.components(separatedBy: "```swift\n").dropFirst()
            #expect(!parts.isEmpty, "\(page.path)")
            for part in parts {
                let code = part.components(separatedBy: "```")[0]
                #expect(examples.contains { $0.text == code }, "\(page.path): \(code)")
            }
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let hasVocabulary = FileManager.default.isReadableFile(
        atPath: root.appending(path: ".build/share/harmonium/o200k.vocabulary").path
    )

    /// A program that was built with this test.
    private static func program(_ name: String) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: name).path
    }

    private static func run(_ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .path(FilePath(program("examples"))),
            arguments: Arguments(arguments),
            workingDirectory: FilePath(root.path),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput
    }

    private static func files(_ folder: String, _ suffix: String) throws -> [(path: String, text: String)] {
        let folder = root.appending(path: folder)
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".\(suffix)") }
            .map { ($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8)) }
    }
}
