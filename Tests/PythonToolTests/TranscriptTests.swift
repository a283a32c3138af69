import Testing

@testable import PythonTool

@Suite struct TranscriptTests {
    @Test(arguments: [1, 2, 3, 7, 64, 5000])
    func `the deltas together are the final text, whatever the pieces`(pieceBytes: Int) {
        let written = Array("line €uro 漢字 👩‍💻\n\n".utf8) + [0xFF, 0, 0xE2, 0x82] + Array("end\n".utf8)
        let bytes = Array((0..<100).map { _ in written }.joined())
        for bytesMax in [2, 100, 1000, 100_000] {
            var transcript = Transcript(bytesMax: bytesMax)
            var deltas = ""
            for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
                deltas += transcript.append(Array(bytes[start..<min(start + pieceBytes, bytes.count)]))
            }
            deltas += transcript.note("a remark")
            deltas += transcript.finish()
            #expect(deltas == transcript.shown)
            #expect(!deltas.hasSuffix("\n"))
            #expect(!deltas.contains("\0"))
            if bytesMax == 100_000 {
                #expect(
                    deltas == String(decoding: written, as: UTF8.self)
                        .replacing("\0", with: "\u{FFFD}").repeated(100) + "[a remark]"
                )
            }
        }
    }

    @Test func `what fits is shown whole, less the newlines at its end`() {
        var transcript = Transcript(bytesMax: 100)
        #expect(transcript.append(Array("977966748\n\n".utf8)) == "977966748")
        #expect(transcript.append(Array("more".utf8)) == "\n\nmore")
        #expect(transcript.finish() == "")
        #expect(transcript.shown == "977966748\n\nmore")
        #expect(!transcript.isCut)
    }

    @Test func `too much is cut in the middle and the cut is named`() {
        var transcript = Transcript(bytesMax: 20)
        let delta = transcript.append(Array((String(repeating: "a", count: 1000) + "tail").utf8))
        #expect(delta == "aaaaaaaaaa")
        let rest = transcript.finish()
        #expect(rest.contains("984 bytes left out"))
        #expect(rest.hasSuffix("aaaaaatail"))
        #expect(transcript.isCut)
    }

    @Test func `memory stays bounded while much is written`() {
        var transcript = Transcript(bytesMax: 1000)
        for _ in 0..<1000 { _ = transcript.append(Array(repeating: 0x78, count: 4096)) }
        _ = transcript.finish()
        #expect(transcript.shown.utf8.count < 1200)
    }

    @Test func `a character that is never finished becomes one replacement`() {
        var transcript = Transcript(bytesMax: 100)
        _ = transcript.append([0x78, 0xE2, 0x82])
        _ = transcript.finish()
        #expect(transcript.shown == "x\u{FFFD}")
    }

    @Test func `a remark stands on a line of its own`() {
        var transcript = Transcript(bytesMax: 100)
        _ = transcript.append(Array("x".utf8))
        _ = transcript.note("cut")
        _ = transcript.append(Array("y\n".utf8))
        _ = transcript.note("end")
        _ = transcript.finish()
        #expect(transcript.shown == "x\n[cut]\ny\n[end]")
    }

    @Test func `nothing written is empty`() {
        var transcript = Transcript(bytesMax: 100)
        #expect(transcript.isEmpty)
        _ = transcript.append([10])
        #expect(!transcript.isEmpty)
        _ = transcript.finish()
        #expect(transcript.shown.isEmpty)
    }
}

extension String {
    fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
