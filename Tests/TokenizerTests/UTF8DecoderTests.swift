import TestSupport
import Testing

@testable import Tokenizer

@Suite(.bounded) struct UTF8DecoderTests {
    /// However it is cut, and whatever is held back meanwhile.
    @Test func `chunks are repaired as String would repair the whole`() {
        var generator = SplitMix(seed: 7)
        let parts: [[UInt8]] = [
            Array("a".utf8), Array("é".utf8), Array("漢".utf8), Array("😀".utf8), [0x80], [0xC3], [0xE6, 0xBC],
            [0xF0, 0x9F],
            [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE0, 0x9F],
            [0xF8],
        ]
        for _ in 0..<3000 {
            let bytes = (0..<generator.below(8)).flatMap { _ in parts[generator.below(parts.count)] }
            var decoder = UTF8Decoder()
            var text: [UInt8] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(1 + generator.below(6))
                decoder.append(Array(chunk).span, to: &text)
                rest = rest.dropFirst(chunk.count)
                #expect(decoder.pending.count <= 3)
                #expect(String(validating: text, as: UTF8.self) != nil)
            }
            text += decoder.finish().utf8
            #expect(text == Array(String(decoding: bytes, as: UTF8.self).utf8), "\(bytes)")
        }
    }

    @Test(arguments: [
        [0x61, 0x62],
        Array("é漢👩‍👩‍👧‍👦e\u{301}".utf8),
        [0xFF, 0xFE, 0x61], [0xC3], [0xC3, 0x28], [0xE6, 0xBC], [0xE6, 0xBC, 0x61], [0xF0, 0x9F, 0x91],
        [0xED, 0xA0, 0x80, 0x78], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x80, 0x80], [0x80, 0x80, 0x80, 0x80],
        [0xE0, 0x80, 0xE0, 0xA0], [0xF5, 0x80], [0xF1, 0x80, 0x80, 0xF1, 0x80, 0x80, 0x80],
    ])
    func `text is the same wherever its bytes are cut`(bytes: [UInt8]) {
        let whole = String(decoding: bytes, as: UTF8.self)
        // Of few bytes all ways to cut them, of many only single cuts; a bit says whether there is one.
        let ways = bytes.count < 12 ? Array(0..<1 << (bytes.count - 1)) : (0..<bytes.count).map { 1 << $0 }
        for cuts in ways {
            var decoder = UTF8Decoder()
            var text = ""
            var piece: [UInt8] = []
            for (index, byte) in bytes.enumerated() {
                piece.append(byte)
                guard cuts >> index & 1 == 1 else { continue }
                text += decoder.decode(piece)
                piece = []
            }
            text += decoder.decode(piece) + decoder.finish()
            #expect(text.utf8.elementsEqual(whole.utf8), "\(cuts)")
        }
    }

    @Test func `only what can still become a scalar waits`() {
        var decoder = UTF8Decoder()
        #expect(decoder.decode([0x61, 0xE6]) == "a")
        #expect(decoder.decode([0xBC]) == "")
        #expect(decoder.decode([0xA2]) == "漢")
        #expect(decoder.decode([0xED, 0xA0]) == "\u{FFFD}\u{FFFD}")
        #expect(decoder.decode([0xF0, 0x9F]) == "")
        #expect(decoder.finish() == "\u{FFFD}")
        #expect(decoder.finish() == "")
    }
}
