import Harmony
import JSON
import TestSupport
import Testing

@Suite(.bounded) struct ToolReplyTests {
    private static let tools: Set<String> = [
        "python", "browser.search", "container.exec", "functions.get_weather", "functions.open", "open",
    ]

    @Test(arguments: [
        ("python", "python"),
        ("python code", "python"),
        ("python<|constrain|>code", "python"),
        ("python<|channel|>commentary", "python"),
        ("browser.search<|constrain|>json", "browser.search"),
        ("browser.search json", "browser.search"),
        ("  container.exec\u{A0}json", "container.exec"),
        ("container.exec\n", "container.exec"),
        ("functions.container.exec", "container.exec"),
        ("functions.python <|constrain|>json", "python"),
        ("functions.get_weather", "functions.get_weather"),
        ("get_weather", "functions.get_weather"),
        ("get_weather<|constrain|>json", "functions.get_weather"),
        ("python.python", "python"),
        ("functions.python.python code", "python"),
        ("python.python.python", "python.python.python"),
        ("python.exec", "python.exec"),
        ("functions.open", "functions.open"),
        ("open", "open"),
        ("functions.nothing", "functions.nothing"),
        ("browser.run", "browser.run"),
        ("a<b", "a<b"),
        ("a<|", "a"),
        ("", nil),
        (" ", nil),
        ("<|constrain|>json", nil),
    ])
    func `a recipient means a tool`(recipient: String, tool: String?) {
        #expect(ToolReply.toolName(in: recipient, among: Self.tools) == tool)
    }

    @Test func `without a list of tools a recipient means what it says`() {
        #expect(ToolReply.toolName(in: "functions.container.exec json") == "functions.container.exec")
    }

    @Test(arguments: ["analysis", "commentary", nil])
    func `an answer comes from the tool, on the channel of the call`(channel: String?) throws {
        let call = Message(
            role: .assistant,
            recipient: "browser.search<|constrain|>json",
            channel: channel,
            text: "{}"
        )
        let message = try #require(ToolReply(to: call)).message("found")
        #expect(message.role == .tool)
        #expect(message.name == "browser.search")
        #expect(message.recipient == "assistant")
        #expect(message.channel == channel)
        #expect(message.content == [.text("found")])
    }

    @Test func `an answer can be sent as JSON`() throws {
        let call = Message(role: .assistant, recipient: "python", channel: "analysis", contentType: "code", text: "1")
        let message = try #require(ToolReply(to: call)).message("1\n")
        #expect(
            message.json.description
                == #"{"role":"tool","name":"python","recipient":"assistant","content":"1\n","channel":"analysis"}"#
        )
    }

    @Test(arguments: [
        Message(role: .assistant, channel: "final", text: "done"),
        Message(role: .assistant, recipient: "all", channel: "final", text: "done"),
        Message(role: .assistant, recipient: "assistant", text: "me"),
        Message(role: .tool, name: "python", recipient: "assistant", text: "1"),
        Message(role: .user, recipient: "python", text: "1"),
        Message(role: .assistant, recipient: "<|constrain|>json", channel: "commentary", text: "{}"),
    ])
    func `what is no call has no answer`(message: Message) {
        #expect(ToolReply(to: message) == nil)
    }
}
