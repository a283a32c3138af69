import TestSupport
import Testing

@testable import Patch

@Suite(.bounded) struct PatchTests {
    @Test func `a patch names files to add, delete, update and move`() throws {
        let patch = try Patch(
            parsing: """
                *** Begin Patch
                *** Add File: hello.txt
                +Hello world
                *** Update File: src/app.py
                *** Move to: src/main.py
                @@ def greet():
                -print("Hi")
                +print("Hello, world!")
                *** Delete File: obsolete.txt
                *** End Patch
                """
        )
        let hunk = Hunk(
            anchors: [bytes("def greet():")],
            lines: [
                Hunk.Line(kind: .remove, text: bytes("print(\"Hi\")")),
                Hunk.Line(kind: .add, text: bytes("print(\"Hello, world!\")")),
            ]
        )
        #expect(
            patch.operations == [
                .add(path: "hello.txt", content: bytes("Hello world\n")),
                .update(path: "src/app.py", movedTo: "src/main.py", hunks: [hunk]),
                .delete(path: "obsolete.txt"),
            ]
        )
    }

    @Test(arguments: [
        "*** Begin Patch\n*** Delete File: a\n*** End Patch",
        "*** Begin Patch\n*** Delete File: a\n*** End Patch\n",
        "*** Begin Patch\r\n*** Delete File: a\r\n*** End Patch\r\n",
        "<<'EOF'\n*** Begin Patch\n*** Delete File: a\n*** End Patch\nEOF\n",
        "\n  *** Begin Patch  \n\n*** Delete File:   a \n\n*** End Patch\n\n",
        "*** Begin Patch\n*** Delete File: a\n*** End of File\n*** End Patch\n",
    ])
    func `what stands around a patch is no part of it`(text: String) throws {
        #expect(try Patch(parsing: text).operations == [.delete(path: "a")])
    }

    @Test(arguments: [
        ("", "does not begin"),
        ("*** Delete File: a\n*** End Patch\n", "does not begin"),
        ("*** Begin Patch\n*** Delete File: a\n", "does not end"),
        ("*** Begin Patch\n*** End Patch\n", "names no file"),
        ("*** Begin Patch\n*** Rename File: a\n*** End Patch\n", "line 2 of the patch: one of"),
        ("*** Begin Patch\n--- a/b\n+++ b/b\n*** End Patch\n", "line 2 of the patch: one of"),
        ("*** Begin Patch\n*** Add File: a\n+b\nc\n*** End Patch\n", "line 4 of the patch: each line of a file to add"),
        ("*** Begin Patch\n*** Update File: a\n@@\n b\nc\n*** End Patch\n", "line 5 of the patch: each line of a hunk"),
        ("*** Begin Patch\n*** Update File: a\n@@\n*** End Patch\n", "the hunk before this line is empty"),
        ("*** Begin Patch\n*** Update File: a\n*** End Patch\n", "a: the update has no lines"),
        ("*** Begin Patch\n*** Update File: a\n-b\n*** End of File\n c\n*** End Patch\n", "a hunk begins with"),
        ("*** Begin Patch\n*** Delete File: \n*** End Patch\n", "a path of 1 to 4095 bytes"),
        ("*** Begin Patch\n*** Delete File: a\0b\n*** End Patch\n", "a path of 1 to 4095 bytes"),
    ])
    func `what is no patch is refused, with the line and the rule`(text: String, message: String) {
        let error = #expect(throws: PatchError.self) { try Patch(parsing: text) }
        #expect(error?.code == .malformed)
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func `limits hold for a text and for the number of its files`() {
        let long = [UInt8](repeating: 10, count: Patch.bytesMax + 1)
        #expect(throws: PatchError.self) { try Patch(parsing: long) }
        let files = (0...Patch.operationsMax).map { "*** Delete File: \($0)\n" }.joined()
        let error = #expect(throws: PatchError.self) {
            try Patch(parsing: "*** Begin Patch\n\(files)*** End Patch\n")
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func `the line numbers of a unified diff are no anchor`() throws {
        let patch = try Patch(
            parsing: "*** Begin Patch\n*** Update File: a\n@@ -1,2 +1,2 @@ def f():\n-b\n@@ -7 +7 @@\n-c\n*** End Patch"
        )
        guard case .update(_, _, let hunks) = patch.operations[0] else { return #expect(Bool(false)) }
        #expect(hunks.map(\.anchors) == [[bytes("def f():")], []])
    }

    @Test func `no text makes the parser trap or write in part`() throws {
        let words = [
            "*** Begin Patch\n", "*** End Patch\n", "*** Update File: a\n", "*** Update File: b/c\n",
            "*** Add File: d\n",
            "*** Delete File: a\n", "*** Move to: e\n", "*** End of File\n", "@@\n", "@@ x\n", "@@", " x\n", "-x\n",
            "+y\n",
            "\n", "\r\n", "x", "-", "+", " ", "\u{E9}", "\0",
        ]
        var numbers = SplitMix(seed: 1)
        var appliedCount = 0
        for _ in 0..<20_000 {
            let middle = (0..<Int.random(in: 0..<12, using: &numbers)).map { _ in
                words.randomElement(using: &numbers) ?? ""
            }
            let text = Array(("*** Begin Patch\n*** Update File: a\n" + middle.joined() + "*** End Patch\n").utf8)
            let files = FakeFiles(["a": "x\ny\n\nx\n", "b/c": "x"])
            do throws(PatchError) {
                try Patch(parsing: text).apply(to: files)
                appliedCount += 1
            } catch {
                #expect(files.contents == ["a": "x\ny\n\nx\n", "b/c": "x"])
                #expect(!error.description.isEmpty)
            }
        }
        #expect(appliedCount > 100)
    }
}

extension Patch {
    init(parsing text: String) throws(PatchError) { try self.init(parsing: Array(text.utf8)) }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
