import TestSupport
import Testing

@Suite(.bounded) struct SwiftSourceTests {
    @Test(arguments: [
        (#"let a = "b" + c"#, "let a = + c"),
        (#"let a = "\(b + "c" + d(e))f" + g"#, "let a = b + + d(e) + g"),
        (##"let a = #"\(b)" {"# + c"##, "let a = + c"),
        (##"let a = #"\#(b)"# + c"##, "let a = b + c"),
        (#"let a = "\"{\\" + b"#, "let a = + b"),
        (#"let a = "" + b"#, "let a = + b"),
        ("a // b \"c\" /* d", "a"),
        ("a /* b /* c */ d */ e", "a e"),
        ("func `a { \" b`() {}", "func () {}"),
        ("let a = #/{\"/# + b", "let a = + b"),
        ("#if os(Linux)", "#if os(Linux)"),
        ("a / b / c", "a / b / c"),
    ])
    func `comments and what stands in quotes are no code`(text: String, words: String) {
        let source = SwiftSource(path: "", text: text)
        #expect(source.code.map { $0.split(separator: " ").joined(separator: " ") } == [words])
        #expect(source.code.map(\.utf8.count) == [text.utf8.count])
    }

    @Test func `a literal of several lines is no code, and what it interpolates is`() {
        let text = "let a = \"\"\"\n  b \"c\" {\n  \\(d)\n  \"\"\"\ne"
        #expect(SwiftSource(path: "", text: text).code == ["let a =    ", "         ", "    d ", "     ", "e"])
    }

    @Test func `comments alone are kept apart`() {
        #expect(SwiftSource(path: "", text: "a // b\n\"// c\"").comments == ["  // b", "      "])
    }

    @Test(arguments: [
        ("import A", ["A"]),
        ("@testable import A", ["A"]),
        ("@preconcurrency internal import A.B", ["A"]),
        ("public import struct A.B", ["A"]),
        ("// import A", []),
        ("let importer = \"import A\"", []),
    ])
    func `imports are seen whatever stands before them`(text: String, modules: [String]) {
        #expect(SwiftSource(path: "", text: text).imports.map(\.module) == modules)
    }

    @Test(arguments: [
        ("func a() {\n}", [(1, 2)]),
        ("func `a b { c`() { if d {\n} \n}", [(1, 3)]),
        ("struct A {\n init?(b: C = { D() }()) {\n\n }\n}", [(2, 3)]),
        ("func a(\n  b: C\n) -> D\nwhere D: E {\n}", [(1, 5)]),
        ("func a() {\n  func b() {\n  }\n  let c = \"}\"\n}", [(1, 5), (2, 2)]),
        ("protocol A {\n  func b()\n  init()\n  var c: D { get }\n}", []),
        ("let a = B.init(c) {\n}", []),
        ("var a: B {\n}", []),
    ])
    func `functions reach from their name to their last brace`(text: String, expected: [(line: Int, lineCount: Int)]) {
        let functions = expected.map { SwiftSource.Function(line: $0.line, lineCount: $0.lineCount) }
        #expect(SwiftSource(path: "", text: text).functions == functions)
    }
}
