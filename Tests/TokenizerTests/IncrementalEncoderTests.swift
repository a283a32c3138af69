import TestSupport
import Testing
import Tokenizer

@Suite(.bounded, .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"))
struct IncrementalEncoderTests {
    @Test(.enabled(if: Goldens.areRecorded, "run scripts/goldens"))
    func `recorded streams give the recorded ids, none later than the reference`() throws {
        let encoding = try Installed.encoding()
        let streams = try Goldens.cases("harmony/tok_stream", of: RecordedStream.self, atLeast: 150)
        for stream in streams {
            var encoder = IncrementalEncoder(encoding)
            var ids: [UInt32] = []
            for (index, chunk) in stream.chunks.enumerated() {
                ids += encoder.feed(Array(chunk.utf8).span)
                #expect(ids.count >= stream.released?[index] ?? 0, "\(stream.id), chunk \(index)")
                #expect(ids.elementsEqual(stream.tokens.prefix(ids.count)), "\(stream.id), chunk \(index)")
            }
            #expect(ids + encoder.finish() == stream.tokens, "\(stream.id)")
        }
    }

    @Test(.enabled(if: Goldens.areRecorded, "run scripts/goldens"))
    func `recorded texts give the recorded ids wherever they are cut in two`() throws {
        let encoding = try Installed.encoding()
        let cases = try Goldens.cases("harmony/tok_encode", of: Recorded.self, atLeast: 150)
        let short = cases.filter { $0.bytes.count < 150 }
        #expect(short.count > 100)
        for recorded in short {
            let bytes = recorded.bytes
            for cut in 0...bytes.count {
                var encoder = IncrementalEncoder(encoding)
                let ids = encoder.feed(Array(bytes[..<cut]).span) + encoder.feed(Array(bytes[cut...]).span)
                #expect(ids + encoder.finish() == recorded.tokens, "\(recorded.id) cut at \(cut)")
            }
        }
    }

    @Test(.enabled(if: Goldens.areRecorded, "run scripts/goldens"))
    func `recorded texts give the recorded ids byte by byte, and hold back less than 300 bytes`() throws {
        let encoding = try Installed.encoding()
        let cases = try Goldens.cases("harmony/tok_encode", of: Recorded.self, atLeast: 150)
        for recorded in cases {
            #expect(try stream(recorded.bytes, encoding) == recorded.tokens, "\(recorded.id)")
        }
    }

    /// What has been handed out has to be the beginning of every encoding that can still come of it.
    @Test func `no continuation takes back what was handed out`() throws {
        let encoding = try Installed.encoding()
        var generator = SplitMix(seed: 1)
        for _ in 0..<150 {
            let text = generator.text(partsMax: 12)
            var encoder = IncrementalEncoder(encoding)
            var ids: [UInt32] = []
            var seen: [UInt8] = []
            for byte in text.utf8 {
                seen.append(byte)
                ids += encoder.feed([byte].span)
            }
            for _ in 0..<6 {
                let whole = encoding.encode((seen + Array(generator.text(partsMax: 3).utf8)).span)
                #expect(whole.starts(with: ids), "\(text.debugDescription)")
            }
            #expect(encoding.encode(text).starts(with: ids), "\(text.debugDescription)")
            #expect(ids + encoder.finish() == encoding.encode(text), "\(text.debugDescription)")
        }
    }

    /// Where a piece may have ended long ago: white space after a newline, capitals after a letter without case.
    @Test(arguments: [
        ("\n", " "), ("x \n", " "), ("\n\n", "\t"), ("\n", "\u{3000}"), ("\n ", "\u{A0}"), ("漢", "A"), ("漢", "ABC"),
        ("字", "SELECT"),
        ("", " "), ("x", "\n"), ("x", "'"), ("-", "="),
    ])
    func `no continuation of a run takes back what was handed out`(head: String, part: String) throws {
        let encoding = try Installed.encoding()
        let ends = ["", "x", " ", " x", "\n", "\n\nx", ".", "1", "A", "Ab", "'s", "漢", part + part + "b"]
        var text = head
        var encoder = IncrementalEncoder(encoding)
        var ids = encoder.feed(head.utf8.span)
        while text.utf8.count < 290 {
            text += part
            ids += encoder.feed(part.utf8.span)
            for end in ends where !encoding.encode(text + end).starts(with: ids) {
                Issue.record("\(text.debugDescription) and \(end.debugDescription)")
            }
        }
        #expect(ids.count > 0)
        #expect(ids + encoder.finish() == encoding.encode(text))
    }

    @Test func `random chunks of random text give what the whole text gives`() throws {
        let encoding = try Installed.encoding()
        var generator = SplitMix(seed: 2)
        for _ in 0..<400 {
            var bytes = Array(generator.text(partsMax: 40).utf8)
            // Some of it ill-formed.
            if generator.below(4) == 0, !bytes.isEmpty {
                for _ in 0..<3 { bytes[generator.below(bytes.count)] = UInt8(generator.below(256)) }
            }
            var encoder = IncrementalEncoder(encoding)
            var ids: [UInt32] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(1 + generator.below(9))
                ids += encoder.feed(Array(chunk).span)
                rest = rest.dropFirst(chunk.count)
            }
            #expect(ids + encoder.finish() == encoding.encode(bytes.span), "\(bytes)")
        }
    }

    /// 10 000 of each, which is far beyond what is held back; a control shows that much is let go of.
    @Test(arguments: [
        "a", " ", "\n", "-", "=", "*", "#", "/", "\u{3000}", "漢", "漢A", "\u{301}", "\n ", "A", "'", "0", "e\u{301}",
    ])
    func `a run without end is handed out while it comes`(part: String) throws {
        let encoding = try Installed.encoding()
        for head in ["", "\n", "漢", "x"] {
            let bytes = Array((head + String(repeating: part, count: 3000)).utf8)
            #expect(try stream(bytes, encoding, chunkBytes: 7) == encoding.encode(bytes.span))
        }
    }

    @Test func `an encoder that has finished begins again`() throws {
        let encoding = try Installed.encoding()
        var encoder = IncrementalEncoder(encoding)
        let first = encoder.feed(Array("a b\u{E9}".utf8.dropLast()).span) + encoder.finish()
        #expect(first == encoding.encode("a b\u{FFFD}"))
        #expect(encoder.finish().isEmpty)
        #expect(encoder.feed(Array("c d".utf8).span) + encoder.finish() == encoding.encode("c d"))
    }

    /// The ids of `bytes` fed in chunks; sees to it that never more than 300 bytes are held back.
    private func stream(_ bytes: [UInt8], _ encoding: Encoding, chunkBytes: Int = 1) throws -> [UInt32] {
        var encoder = IncrementalEncoder(encoding)
        var ids: [UInt32] = []
        var heldMax = 0
        var released = 0
        for start in stride(from: 0, to: bytes.count, by: chunkBytes) {
            let end = min(start + chunkBytes, bytes.count)
            let new = encoder.feed(Array(bytes[start..<end]).span)
            released += try encoding.decode(new).count
            ids += new
            heldMax = max(heldMax, end - released)
        }
        #expect(heldMax <= 300)
        return ids + encoder.finish()
    }
}

/// What the reference gave for a text that came in chunks.
private struct RecordedStream: Decodable {
    let id: String
    let chunks: [String]
    let tokens: [UInt32]
    /// How many ids the reference had handed out after each chunk, if it streams at all.
    let released: [Int]?

    private enum CodingKeys: String, CodingKey {
        case id, chunks, tokens
        case released = "reference_released_after_each_chunk"
    }
}
