import Foundation
import Harmony
import TestSupport
import Testing
import Tokenizer

/// Whatever a model samples is read without a trap and without a loss.
@Suite(.fuzzing, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug")) struct FuzzTests {
    /// Environment `HARMONIUM_FUZZ_INPUTS` sets another number; the seeds are the same in every run.
    private static let streamCount =
        ProcessInfo.processInfo.environment["HARMONIUM_FUZZ_INPUTS"].flatMap { Int($0) } ?? 20_000

    @Test func `any tokens are read leniently, and the deltas are the content`() throws {
        let encoding = try Installed.encoding()
        var sampler = Sampler(encoding)
        var seen = Tally()
        for number in 0..<Self.streamCount {
            let ids = sampler.nextStream()
            var parser = LenientParser(encoding: encoding, role: number % 3 == 0 ? nil : .assistant)
            var deltas: [LenientParser.Delta] = []
            for id in ids { deltas += parser.process(id) }
            deltas += parser.finish()
            let isRead = Self.isSound(parser, deltas)
            if !isRead { Issue.record("stream \(number): \(ids)") }
            seen.messages += parser.messages.count
            seen.calls += parser.messages.count { $0.message.recipient != nil }
            for diagnostic in parser.diagnostics { seen.codes.insert(diagnostic.code) }
        }
        // A fuzzer that only makes rubbish proves nothing, and one that only makes sense as little.
        #expect(seen.messages > Self.streamCount && seen.calls > Self.streamCount / 20)
        #expect(Self.streamCount < 10_000 || seen.codes == Set(Diagnostic.Code.allCases))
    }

    @Test func `text without control tokens is never lost`() throws {
        let encoding = try Installed.encoding()
        var sampler = Sampler(encoding)
        for _ in 0..<Self.streamCount / 10 {
            let content = sampler.nextContent()
            let ids = [SpecialToken.channel.id] + encoding.encode("final") + [SpecialToken.message.id] + content
            var parser = LenientParser(encoding: encoding)
            var text = ""
            for id in ids { for delta in parser.process(id) { text += delta.text } }
            for delta in parser.finish() { text += delta.text }
            let expected = String(decoding: try encoding.decode(content), as: UTF8.self)
            if !text.utf8.elementsEqual(expected.utf8) { Issue.record("\(content)") }
        }
    }

    @Test func `a prompt only grows, whatever is sampled, and never holds what ends a turn`() throws {
        let encoding = try Installed.encoding()
        var sampler = Sampler(encoding)
        var turns = 0
        for _ in 0..<Self.streamCount / 10 {
            var prompt = try Prompt(renderer: Renderer(encoding: encoding), history: [])
            for id in [nil] + sampler.nextStream().map(Optional.some) {
                let before = prompt.ids
                do throws(HarmonyError) {
                    if let id { try prompt.appendSampled(id) } else { try prompt.beginTurn() }
                } catch {
                    // The turn has ended, so the stream goes on in the next.
                    try prompt.beginTurn()
                    turns += 1
                }
                if !prompt.ids.starts(with: before) { Issue.record("\(before) became \(prompt.ids)") }
            }
            #expect(!prompt.ids.contains(SpecialToken.return.id) && !prompt.ids.contains(SpecialToken.endOfText.id))
        }
        #expect(turns > Self.streamCount / 50)
    }

    @Test func `the strict parser throws, and never traps`() throws {
        let encoding = try Installed.encoding()
        var sampler = Sampler(encoding)
        var failures = 0
        for number in 0..<Self.streamCount {
            let flavor = number % 2 == 0 ? Flavor.openAI : .oss
            var parser = StrictParser(encoding: encoding, isStrict: number % 3 == 0, flavor: flavor)
            do throws(HarmonyError) {
                for id in sampler.nextStream() { try parser.process(id) }
                try parser.finish()
            } catch {
                failures += 1
            }
        }
        #expect(failures > Self.streamCount / 10 && failures < Self.streamCount)
    }

    /// Whether the deltas of each message are its content, and come in order.
    private static func isSound(_ parser: LenientParser, _ deltas: [LenientParser.Delta]) -> Bool {
        var texts = [String](repeating: "", count: parser.messages.count)
        var last = 0
        for delta in deltas {
            guard texts.indices.contains(delta.messageIndex), delta.messageIndex >= last, !delta.text.isEmpty else {
                return false
            }
            last = delta.messageIndex
            texts[last] += delta.text
        }
        return zip(texts, parser.messages).allSatisfy { $0.utf8.elementsEqual($1.text.utf8) }
    }
}

/// What came out of the streams.
private struct Tally {
    var messages = 0
    var calls = 0
    var codes: Set<Diagnostic.Code> = []
}

/// Makes streams of tokens: well-formed ones with something done to them, and heaps of fragments.
private struct Sampler {
    private var random = SplitMix(seed: 7)
    private let fragments: [[UInt32]]
    private let samples: [[UInt32]]

    private static let structure: [UInt32] = [
        200_006, 200_006, 200_005, 200_005, 200_003, 200_008, 200_008, 200_007, 200_007, 200_002, 200_012, 199_999,
    ]
    private static let strangers: [UInt32] = [199_998, 200_000, 200_018, 201_087, 201_088, 201_089, .max]
    private static let texts = [
        "assistant", "user", "tool", "python", "browser.search", "functions.f", " to=functions.f", " to=python",
        " to=assistant", "to=", "analysis", "commentary", "final", "commentary?", "??", " json", " code", "{\"a\":1}",
        "<|channel|>", "<|constrain|>", "<|message|>", "write: it", "bash", "assistant:bob", " ", "\n", "é漢", "👩‍👧",
        "hello", "\u{A0}", "\u{B}",
    ]

    init(_ encoding: Encoding) {
        fragments = Self.texts.map { encoding.encode($0) }
        let renderer = Renderer(encoding: encoding)
        let conversations: [[Message]] = [
            [Message(role: .assistant, channel: "final", text: "2 + 2 = 4, é漢👩‍👧.")],
            [
                Message(role: .assistant, channel: "analysis", text: "Let me see."),
                Message(role: .assistant, recipient: "python", channel: "analysis", contentType: "code", text: "2+2"),
            ],
            [
                Message(role: .tool, name: "python", recipient: "assistant", channel: "analysis", text: "4"),
                Message(
                    role: .assistant,
                    recipient: "functions.f",
                    channel: "commentary",
                    contentType: "<|constrain|>json",
                    text: "{}"
                ),
            ],
        ]
        samples = conversations.compactMap { try? renderer.conversation($0, dropping: .never) }
    }

    mutating func nextStream() -> [UInt32] {
        var stream: [UInt32] = []
        if Bool.random(using: &random) {
            for _ in 0..<below(3) + 1 { stream += samples[below(samples.count)].dropFirst(2 * below(2)) }
            for _ in 0..<below(4) { mutate(&stream) }
        } else {
            for _ in 0..<1 << below(6) { stream += fragment() }
        }
        // Now and then a header that does not end.
        if below(50) == 0 { stream += nextContent(count: 150) }
        return stream
    }

    /// Text of random tokens, most of them pieces of no valid UTF-8.
    mutating func nextContent(count: Int = 20) -> [UInt32] {
        (0..<count).map { _ in UInt32(below(below(2) == 0 ? 256 : 199_998)) }
    }

    private mutating func fragment() -> [UInt32] {
        switch below(10) {
        case 0...3: [Self.structure[below(Self.structure.count)]]
        case 4: below(4) == 0 ? [Self.strangers[below(Self.strangers.count)]] : nextContent(count: 1)
        default: fragments[below(fragments.count)]
        }
    }

    private mutating func mutate(_ stream: inout [UInt32]) {
        guard !stream.isEmpty else { return stream = fragment() }
        let place = below(stream.count)
        switch below(4) {
        case 0: stream.remove(at: place)
        case 1: stream.removeLast(stream.count - place)
        case 2: stream.insert(contentsOf: stream[place...].prefix(below(8)), at: place)
        default: stream.insert(contentsOf: fragment(), at: place)
        }
    }

    /// A number from 0 up, less than `bound`.
    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
}
