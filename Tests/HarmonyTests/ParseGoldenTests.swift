import Harmony
import JSON
import TestSupport
import Testing

/// What the reference libraries read out of tokens, one by one, and what a lenient reader makes of them.
@Suite(.bounded, .enabled(if: Goldens.areRecorded, "run scripts/goldens")) struct ParseGoldenTests {
    @Test(arguments: Goldens.parse, Flavor.allCases)
    func `the strict parser is the library's in every state`(golden: Golden, flavor: Flavor) throws {
        for (mode, isStrict) in [("strict", true), ("nonstrict", false)] {
            let expected = try #require(golden.expectation(flavor)?[mode])
            let trace = try Trace(of: golden, isStrict: isStrict, flavor: flavor)
            #expect(trace.rows == expected["steps"]?.array, "\(mode)")
            #expect(trace.messages == expected["messages"]?.canonical, "\(mode)")
            #expect(trace.error == expected["error"], "\(mode)")
        }
    }

    @Test func `enough is recorded`() {
        #expect(Goldens.parse.count > 250)
    }

    /// Where neither complains, both read the same.
    @Test func `what needs no repair has the texts that the library reads`() throws {
        let accepted = Goldens.parse.filter(\.isAccepted)
        var count = 0
        for golden in accepted {
            var parser = LenientParser(encoding: try Installed.encoding(), role: golden.role)
            for id in golden.tokens { _ = parser.process(id) }
            _ = parser.finish()
            guard parser.diagnostics.isEmpty else { continue }
            count += 1
            // The library takes some content types for recipients; the texts are the same all the same.
            let texts = golden.expectation(.openAI)?["strict"]?["messages"]?.array?.map { $0["content"] }
            #expect(parser.messages.map { $0.message.json["content"] } == texts, "\(golden.name)")
        }
        #expect(count > 40 && count < accepted.count)
    }

    @Test(arguments: Goldens.parse.filter { $0.json["proposed_lenient"] != nil })
    func `the lenient parser reads everything, and says what it repaired`(golden: Golden) throws {
        let expected = try #require(golden.json["proposed_lenient"])
        var parser = LenientParser(encoding: try Installed.encoding(), role: golden.role)
        var texts: [Int: String] = [:]
        var deltas = golden.tokens.flatMap { parser.process($0) }
        deltas += parser.finish()
        for delta in deltas { texts[delta.messageIndex, default: ""] += delta.text }
        let messages: [JSONValue] = parser.messages.map(\.json)
        #expect(JSONValue.array(messages).canonical == expected["messages"]?.canonical)
        #expect(parser.diagnostics.map(\.description) == expected["diagnostics"]?.array?.compactMap(\.string))
        #expect(parser.messages.indices.map { texts[$0, default: ""] } == parser.messages.map(\.text))
    }
}

/// What a strict parser says about itself after each token.
private struct Trace {
    private(set) var rows: [JSONValue] = []
    private(set) var error: JSONValue?
    private(set) var messages: JSONValue = []

    init(of golden: Golden, isStrict: Bool, flavor: Flavor) throws {
        let encoding = try Installed.encoding()
        var parser = StrictParser(encoding: encoding, role: golden.role, isStrict: isStrict, flavor: flavor)
        do throws(HarmonyError) {
            for id in golden.tokens {
                try parser.process(id)
                rows.append(Self.row(parser))
            }
            try parser.finish()
            rows.append(Self.row(parser))
        } catch {
            self.error = ["at": .integer(rows.count), "message": .string(error.description)]
        }
        messages = .array(parser.messages.map(\.json)).canonical
    }

    private static func row(_ parser: StrictParser) -> JSONValue {
        let state: JSONValue =
            switch parser.state {
            case .expectStart: "ExpectStart"
            case .header: "Header"
            case .content: "Content"
            }
        return [
            state, (parser.role?.rawValue).json, parser.channel.json, parser.recipient.json, parser.contentType.json,
            parser.delta.json, .integer(parser.messages.count),
        ]
    }
}

extension Golden {
    /// Whether the library reads it to its end.
    fileprivate var isAccepted: Bool {
        let strict = expectation(.openAI)?["strict"]
        return strict != nil && strict?["error"] == nil
    }
    fileprivate var role: Role? { json["input"]?["role"]?.string.flatMap(Role.init) }
    fileprivate var tokens: [UInt32] { json["input"]?["tokens"]?.ids ?? [] }
}

extension ParsedMessage {
    fileprivate var json: JSONValue {
        .object((message.json.object ?? [:]).merging(["end": .string(end.rawValue)]))
    }
}
