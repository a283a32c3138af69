import TestSupport
import Testing

@testable import Patch

@Suite(.bounded) struct ApplyingTests {
    @Test(arguments: [
        Case("lines are replaced", "a\nb\nc\n", " a\n-b\n+B\n c", "a\nB\nc\n"),
        Case("a file without a last newline stays so", "a\nb", "-b\n+B", "a\nB"),
        Case("lines are only added after the context", "a\nb\n", " a\n+x", "a\nx\nb\n"),
        Case("lines are only removed", "a\nb\nc\n", "-b", "a\nc\n"),
        Case("hunks follow each other", "a\nb\na\nb\n", "-b\n+1\n@@\n-b\n+2", "a\n1\na\n2\n"),
        Case("the first place counts", "x\n1\nx\n2\n", "@@\n-x\n+y", "y\n1\nx\n2\n"),
        Case("an anchor says which place", "f\n  x\ng\n  x\n", "@@ g\n-  x\n+  y", "f\n  x\ng\n  y\n"),
        Case("an anchor may be indented otherwise", "f\n  g\n  x\n", "@@ g\n-  x\n+  y", "f\n  g\n  y\n"),
        Case(
            "an anchor above the hunk before counts still",
            "f\na\nb\nc\n",
            "@@ f\n-a\n+1\n@@ f\n-c\n+3",
            "f\n1\nb\n3\n"
        ),
        Case("two anchors are one in the other", "A\nf\nx\nB\nf\nx\n", "@@ B\n@@ f\n-x\n+y", "A\nf\nx\nB\nf\ny\n"),
        Case("an anchor that is not there does not count", "a\nb\n", "@@ nowhere\n-b\n+B", "a\nB\n"),
        Case("lines after an anchor alone", "f\ng\n", "@@ f\n+x", "f\nx\ng\n"),
        Case("blanks at the end of a line do not count", "a  \nb\t\n", " a\n-b\n+B", "a  \nB\n"),
        Case("an exact place is better than an earlier one", "b \nb\n", "-b\n+B", "b \nB\n"),
        Case("an empty line of the patch is an empty line", "a\n\nb\n", " a\n\n-b\n+B", "a\n\nB\n"),
        Case("an empty line only separates", "a\nb\nc\n", "-a\n+A\n\n@@\n-c\n+C\n", "A\nb\nC\n"),
        Case("the end of the file is looked at first", "a\nb\na\n", "@@\n-a\n+A\n*** End of File", "a\nb\nA\n"),
        Case("lines go to the end of the file", "a\n", "@@\n+b\n*** End of File", "a\nb\n"),
        Case("what is not at the end is found elsewhere", "a\nb\n", "@@\n-a\n+A\n*** End of File", "A\nb\n"),
        Case("an empty file gets lines", "", "@@\n+a", "a\n"),
        Case("a file of CRLF stays one", "a\r\nb\r\n", " a\n-b\n+B\n+C", "a\r\nB\r\nC\r\n"),
        Case("a patch of CRLF changes a file of LF", "a\nb\n", " a\r\n-b\r\n+B\r", "a\nB\n", lineEnd: "\r\n"),
        Case("both of CRLF", "a\r\nb\r\n", " a\r\n-b\r\n+B\r", "a\r\nB\r\n", lineEnd: "\r\n"),
        Case("UTF-8 is bytes", "é\n漢\n", "-漢\n+字", "é\n字\n"),
    ])
    func `a hunk changes what it names`(example: Case) throws {
        let files = FakeFiles(["a": example.before])
        let end = example.lineEnd
        let text = "*** Begin Patch\(end)*** Update File: a\(end)\(example.hunks)\n*** End Patch\(end)"
        try Patch(parsing: text).apply(to: files)
        #expect(files.contents == ["a": example.after])
    }

    @Test(arguments: [
        Case(
            "deeper",
            "class A:\n        def f():\n            x\n",
            "-def f():\n-    x\n+def f():\n+    y\n+\n+    z",
            "class A:\n        def f():\n            y\n\n            z\n"
        ),
        Case("less deep", "f\n  g\n", "-    f\n+    h\n+      i", "h\n  i\n  g\n"),
        Case("tabs", "\tf\n\t\tg\n", "-f\n-\tg\n+h\n+\ti", "\th\n\t\ti\n"),
        Case("by the context where nothing is removed", "    f\n    g\n", " f\n+x\n g", "    f\n    x\n    g\n"),
        Case("not where some of the context is as the patch has it", "f\n    g\n", " f\n+  x\n g", "f\n  x\n    g\n"),
        Case("not where lines differ otherwise", "  f\n    g\n", "-f\n-g\n+h", "h\n"),
        Case("not what is less indented than the patch", "    f\n", "-  f\n+  g\n+h", "  g\nh\n"),
    ])
    func `what is added goes in as far as what was found`(example: Case) throws {
        let files = FakeFiles(["a": example.before])
        try Patch(parsing: "*** Begin Patch\n*** Update File: a\n\(example.hunks)\n*** End Patch\n").apply(to: files)
        #expect(files.contents == ["a": example.after])
    }

    @Test(arguments: [
        ("-nowhere\n+x", "a, hunk 1: these lines are not in the file:\n  nowhere\nRead the file"),
        (" b\n-x\n+y", "Line 3 of the file is \"c\" where the patch has \"x\"."),
        ("-c\n+C\n@@\n-a\n+A", "hunk 2: these lines are not after line 3 of the file"),
        ("-c\n+C\n@@\n-a\n+A", "They are at line 1: write the hunks in the order of the file."),
        (" d\n-e\n+x", "Line 5 of the file is \"\" where the patch has \"e\"."),
    ])
    func `what is not found is named, with what is there instead`(hunks: String, message: String) throws {
        let files = FakeFiles(["a": "a\nb\nc\nd\n", "b": "b\n"])
        let text = "*** Begin Patch\n*** Delete File: b\n*** Update File: a\n@@\n\(hunks)\n*** End Patch\n"
        let error = #expect(throws: PatchError.self) { try Patch(parsing: text).apply(to: files) }
        #expect(error?.code == .contextNotFound)
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(files.contents["b"] == "b\n", "something was written")
    }

    @Test func `operations of one patch see each other`() throws {
        let files = FakeFiles(["a": "1\n2\n"])
        try Patch(
            parsing: """
                *** Begin Patch
                *** Update File: a
                -1
                +one
                *** Add File: ./b
                +x
                *** Update File: b
                *** Move to: c
                -x
                +y
                *** Update File: ./a
                -2
                +two
                *** End Patch
                """
        ).apply(to: files)
        #expect(files.contents == ["a": "one\ntwo\n", "c": "y\n"])
    }

    @Test(arguments: ["Update File: b\n-x\n+y", "Delete File: b", "Delete File: a\n*** Delete File: a"])
    func `a file that is not there is named`(operation: String) {
        let files = FakeFiles(["a": "x\n"])
        let error = #expect(throws: PatchError.self) {
            try Patch(parsing: "*** Begin Patch\n*** \(operation)\n*** End Patch\n").apply(to: files)
        }
        #expect(error?.code == .fileMissing)
        #expect(files.contents == ["a": "x\n"])
    }

    @Test func `a search that would take too long is refused`() throws {
        let hunk = Hunk(lines: Array(repeating: Hunk.Line(kind: .keep, text: []), count: 100))
        let missing = Hunk(lines: hunk.lines + [Hunk.Line(kind: .remove, text: bytes("x"))])
        var file = FileUpdate(path: "a", content: [UInt8](repeating: 10, count: 300))
        let error = #expect(throws: PatchError.self) { try file.applying([missing], comparisonsMax: 10_000) }
        #expect(error?.code == .tooLarge)
        #expect(try file.applying([hunk], comparisonsMax: 10_000).count == 300)
    }
}

struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let before: String
    let hunks: String
    let after: String
    let lineEnd: String

    init(_ name: String, _ before: String, _ hunks: String, _ after: String, lineEnd: String = "\n") {
        testDescription = name
        self.before = before
        self.hunks = hunks
        self.after = after
        self.lineEnd = lineEnd
    }
}
