import Harmony
import Tokenizer

/// Asks a model that can call Python, and answers its calls; `sample` is the engine.
func answer(_ question: String, sampling sample: ([UInt32]) -> [UInt32], vocabulary path: String) throws -> String {
    let encoding = Encoding(try Vocabulary(path))
    let renderer = Renderer(encoding: encoding)
    let python = NamespaceDeclaration(name: "python", description: "Runs Python in a stateful notebook.")
    var prompt = try Prompt(
        renderer: renderer,
        history: [
            Message(system: SystemContent(tools: ["python": python])),
            Message(role: .user, text: question),
        ]
    )
    while true {
        try prompt.beginTurn()
        var parser = LenientParser(encoding: encoding)
        for id in sample(prompt.ids) {
            try prompt.appendSampled(id)
            for delta in parser.process(id) { print(delta.text, terminator: "") }
        }
        _ = parser.finish()
        print()
        guard let last = parser.messages.last else { return "" }
        guard let reply = ToolReply(to: last.message, among: ["python"]) else { return last.text }
        try prompt.beginToolMessage(reply)
        try prompt.endToolMessage(text: "42\n")
    }
}
