import Foundation
import Patch
import TestSupport
import Testing

@Suite(.bounded) struct RealFilesTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    @Test func `files are added, changed, moved and deleted, and keep their permissions`() throws {
        try with(["a.sh": "echo a\n", "b": "b\n", "gone": ""]) {
            try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: path("a.sh"))
            #expect(
                try apply(
                    """
                    *** Update File: \(path("a.sh"))
                    *** Move to: \(path("new/deep/c.sh"))
                    -echo a
                    +echo c
                    *** Update File: \(path("b"))
                    -b
                    +B
                    *** Delete File: \(path("gone"))
                    *** Add File: \(path("empty/d"))
                    """
                ) == 0
            )
            #expect(names() == ["b", "empty/d", "new/deep/c.sh"])
            #expect(try text("new/deep/c.sh") == "echo c\n")
            #expect(try text("b") == "B\n")
            #expect(try text("empty/d").isEmpty)
            let attributes = try FileManager.default.attributesOfItem(atPath: path("new/deep/c.sh"))
            #expect(attributes[.posixPermissions] as? Int == 0o750)
        }
    }

    @Test func `a link is written through, and is itself deleted`() throws {
        try with(["a": "a\n"]) {
            try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: "a")
            #expect(try apply("*** Update File: \(path("link"))\n-a\n+b") == 0)
            #expect(try text("a") == "b\n")
            #expect(try apply("*** Delete File: \(path("link"))") == 0)
            #expect(names() == ["a"])
        }
    }

    /// Each fails at its second file, after the first was prepared; the control is that the first alone succeeds.
    @Test(arguments: [
        "*** Update File: DIR/b\n-nothing\n+x", "*** Update File: DIR/none\n-x", "*** Add File: DIR/folder\n+x",
        "*** Add File: DIR/b/c\n+x", "*** Update File: DIR/pipe\n-x", "*** Delete File: DIR/folder",
        "*** Add File: DIR/dangling\n+x", "*** Update File: /dev/zero\n-x",
    ])
    func `what fails leaves every file as it was`(second: String) throws {
        try with(["a": "a\n", "b": "b\n", "folder/c": "c\n"]) {
            try Process.run(URL(filePath: "/usr/bin/mkfifo"), arguments: [path("pipe")]).waitUntilExit()
            try FileManager.default.createSymbolicLink(atPath: path("dangling"), withDestinationPath: "nowhere")
            let before = names()
            let first = "*** Add File: \(path("new/x"))\n+x\n*** Update File: \(path("a"))\n-a\n+A\n"
            #expect(try apply(first + second.replacing("DIR", with: directory.path())) == 1)
            #expect(names() == before)
            #expect(try text("a") == "a\n")
            #expect(!FileManager.default.fileExists(atPath: path("new")))
            #expect(try apply(first) == 0)
            #expect(try text("a") == "A\n")
        }
    }

    private func apply(_ operations: String) throws -> Int32 {
        ApplyPatch.run(["apply_patch", "*** Begin Patch\n\(operations)\n*** End Patch\n"])
    }

    private func with(_ files: [String: String], _ body: () throws -> Void) throws {
        for (name, text) in files {
            let url = directory.appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }
        defer { try? FileManager.default.removeItem(at: directory) }
        try body()
    }

    private func path(_ name: String) -> String { directory.appending(path: name).path() }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    /// What is there but directories.
    private func names() -> [String] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: directory.path())) ?? []
        return paths.filter { (try? FileManager.default.contentsOfDirectory(atPath: path($0))) == nil }.sorted()
    }
}
