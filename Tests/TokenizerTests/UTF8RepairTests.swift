import TestSupport
import Testing

@testable import Tokenizer

@Suite(.bounded) struct UTF8RepairTests {
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
            var repair = UTF8Repair()
            var text: [UInt8] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(1 + generator.below(6))
                repair.append(Array(chunk).span, to: &text)
                rest = rest.dropFirst(chunk.count)
                #expect(repair.pending.count <= 3)
                #expect(String(validating: text, as: UTF8.self) != nil)
            }
            repair.finish(&text)
            #expect(text == Array(String(decoding: bytes, as: UTF8.self).utf8), "\(bytes)")
        }
    }
}
