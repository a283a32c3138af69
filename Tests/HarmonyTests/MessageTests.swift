import Harmony
import JSON
import TestSupport
import Testing

@Suite(.bounded) struct MessageTests {
    @Test func `a message with everything in it is the same when it was written as JSON and read again`() throws {
        let schema = try JSONValue(parsing: Array(#"{"type":"object","properties":{"z":{},"a":{}}}"#.utf8))
        let functions = NamespaceDeclaration.functions([
            ToolDeclaration(name: "f", description: "Does f.", parameters: schema),
            ToolDeclaration(name: "g", description: "Does g."),
        ])
        let message = Message(
            role: .system,
            name: "n",
            recipient: "r",
            channel: "c",
            contentType: "t",
            content: [
                .text("a"),
                .system(SystemContent(tools: ["python": NamespaceDeclaration(name: "python", description: "d")])),
                .developer(DeveloperContent(instructions: "i", tools: ["functions": functions])),
            ]
        )
        let written = message.json.encoded()
        let read = try Message(json: JSONValue(parsing: written))
        #expect(read == message)
        #expect(read.json.encoded() == written)
    }

    @Test(arguments: [
        "[]", #"{"content":"x"}"#, #"{"role":"robot","content":"x"}"#, #"{"role":"user"}"#,
        #"{"role":"user","content":7}"#, #"{"role":"user","content":["x"]}"#,
        #"{"role":"user","content":[{"type":"text"}]}"#,
        #"{"role":"user","content":[{"type":"image"}]}"#, #"{"role":"user","content":"x","name":7}"#,
        #"{"role":"system","content":[{"type":"system_content","reasoning_effort":"Extreme"}]}"#,
        #"{"role":"system","content":[{"type":"system_content","tools":{"a":{}}}]}"#,
        #"{"role":"system","content":[{"type":"system_content","tools":{"a":{"name":"a","tools":[{}]}}}]}"#,
    ])
    func `what is no message is refused`(text: String) throws {
        let json = try JSONValue(parsing: text)
        let error = #expect(throws: HarmonyError.self) { try Message(json: json) }
        guard case .malformedMessage = error?.code else {
            Issue.record("\(error?.description ?? "no error")")
            return
        }
    }
}
