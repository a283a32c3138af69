import TestSupport
import Testing

@testable import Harmony

/// Headers as text: what the two parsers make of them, without any vocabulary.
@Suite(.bounded) struct HeaderTests {
    @Test(arguments: [
        ("<|channel|>final", "final", nil, nil),
        ("<|channel|>commentary to=f <|constrain|>json", "commentary", "f", "<|constrain|>json"),
        (" to=f<|channel|>commentary<|constrain|>json", "commentary", "f", "<|constrain|>json"),
        ("<|channel|>analysis code", "analysis", "code", nil),
        ("<|channel|>final <|constrain|>json", "final", "<|constrain|>json", nil),
        ("<|channel|>analysis to=python code", "analysis", "python", "code"),
        ("<|channel|>analysis python code", "analysis", "python", "code"),
        ("<|channel|>a\u{B}to=x", "a", "x", nil),
        (" to=\u{301}f", nil, "\u{301}f", nil),
        ("assistant", nil, nil, nil),
    ])
    func `a strict header is read as the library reads it`(
        text: String,
        channel: String?,
        recipient: String?,
        contentType: String?
    ) throws {
        let header = try StrictHeader(text, role: .assistant, isWhole: true, flavor: .openAI)
        #expect(header.rest.isEmpty)
        #expect(header.message.channel == channel)
        #expect(header.message.recipient == recipient)
        #expect(header.message.contentType == contentType)
    }

    @Test(arguments: [
        ("", HarmonyError.Code.missingRole),
        ("python", .unknownRole("python")),
        ("assistant:bob", .unknownRole("assistant:bob")),
        ("assistant<|channel|>", .emptyChannel),
        ("assistant<|channel|><|constrain|>", .emptyChannel),
    ])
    func `a strict header has to name a role and a channel`(text: String, code: HarmonyError.Code) {
        let error = #expect(throws: HarmonyError.self) {
            try StrictHeader(text, role: nil, isWhole: true, flavor: .openAI)
        }
        #expect(error?.code == code)
    }

    @Test func `only one flavor drops further channels`() throws {
        let text = "<|channel|>commentary<|channel|>analysis <|channel|>"
        #expect(try StrictHeader(text, role: .assistant, isWhole: true, flavor: .oss).message.recipient == nil)
        let header = try StrictHeader(text, role: .assistant, isWhole: true, flavor: .openAI)
        #expect(header.message.contentType == "<|channel|>")
    }

    @Test(arguments: [
        ("<|channel|>commentary to=functions.f <|constrain|>json", "commentary functions.f <|constrain|>json", ""),
        (" to=functions.f<|channel|>commentary json", "commentary functions.f json", ""),
        ("<|channel|>commentary?? to=f", "commentary f -", "channel_garbage"),
        ("<|channel|>Commentaryto=f", "commentary f -", ""),
        ("<|channel|>––commentary", "commentary - -", ""),
        ("<|channel|>??", "- - -", "bad_channel leftover:??"),
        ("<|channel|>analysis<|channel|>final", "final - -", "extra_channel"),
        ("<|channel|>final to=python<|channel|>final", "final python -", "extra_channel"),
        ("<|channel|>analysis to= python code", "analysis python code", ""),
        (" to=a<|channel|>commentary to=b", "commentary a -", "recipient_conflict"),
        (" to=a<|channel|>commentary to=a", "commentary a -", "recipient_repeated"),
        (" to=assistant<|channel|>commentary to=b", "commentary b -", ""),
        (" to=assistant<|channel|>commentary", "commentary - -", "recipient_assistant"),
        ("<|channel|>analysis browser.search code", "analysis browser.search code", "recipient_without_to"),
        ("<|channel|>commentary to=f <|constrain|>json{}", "commentary f <|constrain|>json", "leftover:{}"),
        ("<|channel|>commentary <|constrain|>a: b", "commentary - -", "bad_constrain leftover:a: b"),
        ("<|channel|>final json code", "final - json", "leftover:code"),
        ("user<|channel|>final", "final - -", "role_mismatch"),
        ("commentary to=f", "commentary f -", "missing_channel_token"),
        ("", "- - -", ""),
    ])
    func `a lenient header is made the best of`(text: String, expected: String, diagnostics: String) {
        // What spells a marker is one, so the header needs no tokens.
        let header = Self.lenientHeader(text, role: .assistant)
        let fields = [header.message.channel, header.message.recipient, header.message.contentType]
        #expect(header.message.role == .assistant)
        #expect(fields.map { $0 ?? "-" }.joined(separator: " ") == expected)
        #expect(header.diagnostics.map(\.description).joined(separator: " ") == diagnostics)
    }

    @Test(arguments: [
        ("python", "tool python"), ("browser.search to=assistant", "tool browser.search"), ("a to=b", "tool a"),
        ("assistant:bob", "assistant bob"), ("user", "user -"), ("bash", "assistant -"), ("", "assistant -"),
        ("tool", "tool -"), ("to=f", "assistant -"),
    ])
    func `a lenient header names its author`(text: String, expected: String) {
        let message = Self.lenientHeader(text, role: nil).message
        #expect("\(message.role) \(message.name ?? "-")" == expected)
    }

    private static func lenientHeader(_ text: String, role: Role?) -> LenientHeader {
        var header = LenientHeaderText()
        header.append(Array(text.utf8))
        return LenientHeader(header, role: role)
    }
}
