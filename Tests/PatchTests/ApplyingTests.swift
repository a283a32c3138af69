import TestSupport
import Testing

@testable import Patch

@Suite(.bounded) struct ApplyingTests {
    @Test(arguments: [
        Case("lines are replaced", "a\nb\nc\n", hunks: " a\n-b\n+B\n c", after: "a\nB\nc\n"),
        Case("a file without a last newline stays so", "a\nb", hunks: "-b\n+B", after: "a\nB"),
        Case("lines are only added after the context", "a\nb\n", hunks: " a\n+x", after: "a\nx\nb\n"),
        Case("lines are only removed", "a\nb\nc\n", hunks: "-b", after: "a\nc\n"),
        Case("hunks follow each other", "a\nb\na\nb\n", hunks: "-b\n+1\n@@\n-b\n+2", after: "a\n1\na\n2\n"),
        Case("the first place counts", "x\n1\nx\n2\n", hunks: "@@\n-x\n+y", after: "y\n1\nx\n2\n"),
        Case("an anchor says which place", "f\n  x\ng\n  x\n", hunks: "@@ g\n-  x\n+  y", after: "f\n  x\ng\n  y\n"),
        Case("an anchor may be indented otherwise", "f\n  g\n  x\n", hunks: "@@ g\n-  x\n+  y", after: "f\n  g\n  y\n"),
        Case(
            "an anchor above the hunk before counts still",
            "f\na\nb\nc\n",
            hunks: "@@ f\n-a\n+1\n@@ f\n-c\n+3",
            after: "f\n1\nb\n3\n"
        ),
        Case(
            "two anchors are one in the other",
            "A\nf\nx\nB\nf\nx\n",
            hunks: "@@ B\n@@ f\n-x\n+y",
            after: "A\nf\nx\nB\nf\ny\n"
        ),
        Case("an anchor that is not there does not count", "a\nb\n", hunks: "@@ nowhere\n-b\n+B", after: "a\nB\n"),
        Case("lines after an anchor alone", "f\ng\n", hunks: "@@ f\n+x", after: "f\nx\ng\n"),
        Case("blanks at the end of a line do not count", "a  \nb\t\n", hunks: " a\n-b\n+B", after: "a  \nB\n"),
        Case("an exact place is better than an earlier one", "b \nb\n", hunks: "-b\n+B", after: "b \nB\n"),
        Case("an empty line of the patch is an empty line", "a\n\nb\n", hunks: " a\n\n-b\n+B", after: "a\n\nB\n"),
        Case("an empty line only separates", "a\nb\nc\n", hunks: "-a\n+A\n\n@@\n-c\n+C\n", after: "A\nb\nC\n"),
        Case(
            "the end of the file is looked at first",
            "a\nb\na\n",
            hunks: "@@\n-a\n+A\n*** End of File",
            after: "a\nb\nA\n"
        ),
        Case("lines go to the end of the file", "a\n", hunks: "@@\n+b\n*** End of File", after: "a\nb\n"),
        Case(
            "what is not at the end is found elsewhere",
            "a\nb\n",
            hunks: "@@\n-a\n+A\n*** End of File",
            after: "A\nb\n"
        ),
        Case("an empty file gets lines", "", hunks: "@@\n+a", after: "a\n"),
        Case("a file of CRLF stays one", "a\r\nb\r\n", hunks: " a\n-b\n+B\n+C", after: "a\r\nB\r\nC\r\n"),
        Case(
            "a patch of CRLF changes a file of LF",
            "a\nb\n",
            hunks: " a\r\n-b\r\n+B\r",
            after: "a\nB\n",
            lineEnd: "\r\n"
        ),
        Case("both of CRLF", "a\r\nb\r\n", hunks: " a\r\n-b\r\n+B\r", after: "a\r\nB\r\n", lineEnd: "\r\n"),
        Case("UTF-8 is bytes", "é\n漢\n", hunks: "-漢\n+字", after: "é\n字\n"),
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
            hunks: "-def f():\n-    x\n+def f():\n+    y\n+\n+    z",
            after: "class A:\n        def f():\n            y\n\n            z\n"
        ),
        Case("less deep", "f\n  g\n", hunks: "-    f\n+    h\n+      i", after: "h\n  i\n  g\n"),
        Case("tabs", "\tf\n\t\tg\n", hunks: "-f\n-\tg\n+h\n+\ti", after: "\th\n\t\ti\n"),
        Case(
            "by the context where nothing is removed",
            "    f\n    g\n",
            hunks: " f\n+x\n g",
            after: "    f\n    x\n    g\n"
        ),
        Case(
            "not where some of the context is as the patch has it",
            "f\n    g\n",
            hunks: " f\n+  x\n g",
            after: "f\n  x\n    g\n"
        ),
        Case("not where lines differ otherwise", "  f\n    g\n", hunks: "-f\n-g\n+h", after: "h\n"),
        Case("not what is less indented than the patch", "    f\n", hunks: "-  f\n+  g\n+h", after: "  g\nh\n"),
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

    init(_ name: String, _ before: String, hunks: String, after: String, lineEnd: String = "\n") {
        testDescription = name
        self.before = before
        self.hunks = hunks
        self.after = after
        self.lineEnd = lineEnd
    }
}
