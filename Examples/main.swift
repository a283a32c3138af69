/// Runs one example; each is a file of its own, and stands in the documentation of its library.
///
///     swift run examples NAME [ARGUMENT]
import AsyncHTTPClient
import Harmony
import Responses
import Tokenizer

let arguments = Array(CommandLine.arguments.dropFirst())
let vocabulary = ".build/share/harmonium/\(Vocabulary.fileName)"

switch arguments.first {
case "tokens":
    try printTokens(of: ["Hello, wor", "ld! ", "12", "34 \n"], vocabulary: vocabulary)
case "conversation":
    print(try answer("What is 6*7?", sampling: scriptedModel(), vocabulary: vocabulary))
case "page":
    try show(Array("<title>Lamps</title><h1>Lamps</h1><p>See <a href=/b>all</a>.".utf8))
case "library":
    let lamp = "<title>Lamp</title><p>A lantern stands at the harbor.<p>It was built in 1871."
    let encoding = Encoding(try Vocabulary(vocabulary))
    await read(Library(pages: ["https://www.example.com/lamp": lamp]), counting: encoding)
case "frames":
    try sendFile("table.csv", "a,b\n1,2\n")
case "cell":
    try describeCell("print(1)")
case "container-input":
    try describeInput("ls\n", to: 7)
case "terminal":
    showTerminal(["10%\r20%\r100%\r\n", "$ "])
case "tool-server":
    await respond(
        to: #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count","arguments":{"text":"a b c"}}}"#
    )
case "values":
    try addVersion(to: #"{"name":"lamp","big":9007199254740993}"#)
case "warm-up":
    try await warmUpWithoutEngine()
case "session":
    try await run(["x = 6 * 7", "print(x)"], worker: arguments[1])
default:
    print(
        """
        usage: examples NAME [SOCKET]
        cell, container-input, conversation, frames, library, page, session SOCKET, terminal, tokens, tool-server,
        values, warm-up
        """
    )
}

/// A model that calls Python once and then answers.
func scriptedModel() throws -> ([UInt32]) -> [UInt32] {
    let encoding = Encoding(try Vocabulary(vocabulary))
    return { prompt in
        let isAnswered = prompt.contains(SpecialToken.call.id)
        return encoding.encodeWithSpecialTokens(
            isAnswered
                ? "<|channel|>final<|message|>It is 42.<|return|>"
                : "<|channel|>analysis to=python code<|message|>6*7<|call|>"
        )
    }
}

/// What is appended to a prompt does not depend on the engine's being there.
func warmUpWithoutEngine() async throws {
    let client = HTTPClient(configuration: PrefixWarmUp.clientConfiguration)
    let encoding = Encoding(try Vocabulary(vocabulary))
    var prompt = try Prompt(renderer: Renderer(encoding: encoding), history: [Message(role: .user, text: "6*7?")])
    try prompt.beginTurn()
    for id in encoding.encodeWithSpecialTokens("<|channel|>analysis to=python code<|message|>6*7<|call|>") {
        try prompt.appendSampled(id)
    }
    let call = Message(role: .assistant, recipient: "python", channel: "analysis", text: "6*7")
    guard let reply = ToolReply(to: call, among: ["python"]) else { return }
    let output = AsyncThrowingStream<[UInt32], any Error> { continuation in
        continuation.yield(encoding.encode("42\n"))
        continuation.finish()
    }
    try await append(output, of: reply, to: &prompt, warmUp: makeWarmUp(client: client))
    try await client.shutdown()
    print("a prompt of \(prompt.ids.count) tokens")
}
