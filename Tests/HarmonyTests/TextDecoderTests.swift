import TestSupport
import Testing

@testable import Harmony

@Suite(.bounded) struct TextDecoderTests {
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
            var decoder = TextDecoder()
            var text = ""
            var piece: [UInt8] = []
            for (index, byte) in bytes.enumerated() {
                piece.append(byte)
                guard cuts >> index & 1 == 1 else { continue }
                text += decoder.append(piece)
                piece = []
            }
            text += decoder.append(piece) + decoder.finish()
            #expect(text.utf8.elementsEqual(whole.utf8), "\(cuts)")
        }
    }

    @Test func `only what can still become a scalar waits`() {
        var decoder = TextDecoder()
        #expect(decoder.append([0x61, 0xE6]) == "a")
        #expect(decoder.append([0xBC]) == "")
        #expect(decoder.append([0xA2]) == "漢")
        #expect(decoder.append([0xED, 0xA0]) == "\u{FFFD}\u{FFFD}")
        #expect(decoder.append([0xF0, 0x9F]) == "")
        #expect(decoder.finish() == "\u{FFFD}")
        #expect(decoder.finish() == "")
    }
}
