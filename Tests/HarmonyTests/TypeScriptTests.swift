import JSON
import TestSupport
import Testing

@testable import Harmony

@Suite(.bounded) struct TypeScriptTests {
    @Test(arguments: [
        (#"{"type":"string"}"#, "string"),
        (#"{"type":"integer"}"#, "number"),
        (#"{"type":["integer","null"]}"#, "number | null"),
        (#"{"type":"string","enum":["a","b\"c",3]}"#, #""a" | "b"c""#),
        (#"{"type":"string","enum":[1]}"#, "string"),
        (#"{"type":"array"}"#, "Array<any>"),
        (#"{"type":"array","items":{"type":"boolean"}}"#, "boolean[]"),
        (#"{"anyOf":[{"type":"string"}]}"#, "any"),
        (#"true"#, "any"),
        (
            #"{"oneOf":[{"type":"string","default":"x"},{"type":"string","enum":["a"],"default":"a"}]}"#,
            "\n | string // default: \"x\"\n | \"a\" // default: \"a\""
        ),
        (#"{"oneOf":[{"type":"number","nullable":true}]}"#, "\n | number | null"),
        (#"{"type":"object","description":"Top","properties":{}}"#, "// Top\n{\n}"),
    ])
    func `a schema becomes a type`(schema: String, expected: String) throws {
        #expect(try type(of: schema) == expected)
    }

    @Test(arguments: [
        (#"{"type":"string"}"#, "p?: string,\n"),
        (#"{"type":"string","default":"x"}"#, "p?: string, // default: \"x\"\n"),
        (#"{"type":"string","enum":["x"],"default":"x"}"#, "p?: \"x\", // default: x\n"),
        (#"{"type":"string","default":null}"#, "p?: string, // default: null\n"),
        (#"{"type":"number","default":1e100}"#, "p?: number, // default: 1e100\n"),
        (#"{"type":"string","nullable":true}"#, "p?: string | null,\n"),
        (#"{"type":["string","null"],"nullable":true}"#, "p?: string | null,\n"),
        (
            #"{"type":"string","title":"T","description":"two\nlines","examples":["e",1]}"#,
            "// T\n//\n// two\nlines\n// Examples:\n// - \"e\"\np?: string,\n"
        ),
        (
            #"{"description":"A","oneOf":[{"description":"A","type":"string"},{"description":"B","type":"number"}]}"#,
            "p?:\n | string\n | number // B\n,\n"
        ),
        (
            #"{"description":"A","oneOf":[{"description":"B","type":"string"}],"default":2}"#,
            "// A\n// default: 2\np?:\n | string\n,\n"
        ),
        (#"{"oneOf":[]}"#, "p?:\n,\n"),
    ])
    func `a property is declared with its comments`(schema: String, expected: String) throws {
        #expect(try type(of: #"{"type":"object","properties":{"p":\#(schema)}}"#) == "{\n\(expected)}")
    }

    @Test func `properties keep their order, and those required have no question mark`() throws {
        let schema = #"{"type":"object","required":["b",7,"z"],"properties":{"b":{},"a":{"type":"object"}}}"#
        #expect(try type(of: schema) == "{\nb: any,\na?: {\n    },\n}")
    }

    @Test func `namespaces are ordered by the bytes of their keys`() {
        let text = TypeScript(flavor: .openAI).section(declaring: [
            "é": NamespaceDeclaration(name: "last"),
            "b": NamespaceDeclaration(
                name: "functions",
                description: "One\nTwo",
                tools: [
                    ToolDeclaration(name: "f", description: "Does f.\r\nNow.\r")
                ]
            ),
            "a": NamespaceDeclaration(name: "python", description: "Plain\ntext\n"),
        ])
        #expect(
            text == """
                # Tools

                ## python

                Plain
                text

                ## functions

                // One
                // Two
                namespace functions {

                // Does f.
                // Now.\r
                type f = () => any;

                } // namespace functions

                ## last

                """
        )
    }

    private func type(of schema: String) throws -> String {
        TypeScript(flavor: .openAI).type(of: try JSONValue(parsing: schema), indent: "")
    }
}
