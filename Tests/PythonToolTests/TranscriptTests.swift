import MCP
import TestSupport
import Testing
import Tokenizer

@testable import PythonTool

@Suite(.bounded) struct TranscriptTests {
    @Test(arguments: [1, 2, 3, 7, 64, 5000])
    func `the deltas together are the final text, whatever the pieces`(pieceBytes: Int) {
        let written = Array("line €uro 漢字 👩‍💻\n\n".utf8) + [0xFF, 0, 0xE2, 0x82] + Array("end\n".utf8)
        let bytes = Array((0..<100).map { _ in written }.joined())
        for tokensMax in [1, 25, 250, 25_000] {
            var transcript = Transcript(OutputBudget(tokensMax: tokensMax, encoding: nil))
            var deltas = ""
            for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
                deltas += transcript.append(Array(bytes[start..<min(start + pieceBytes, bytes.count)])).text
            }
            deltas += transcript.note("a remark").text
            deltas += transcript.finish().text
            #expect(deltas == transcript.shown)
            #expect(!deltas.hasSuffix("\n"))
            #expect(!deltas.contains("\0"))
            if tokensMax == 25_000 {
                #expect(
                    deltas == String(decoding: written, as: UTF8.self)
                        .replacing("\0", with: "\u{FFFD}").repeated(100) + "[a remark]"
                )
            }
        }
    }

    @Test func `what fits is shown whole, less the newlines at its end`() {
        var transcript = Transcript(OutputBudget(tokensMax: 25, encoding: nil))
        #expect(transcript.append(Array("977966748\n\n".utf8)).text == "977966748")
        #expect(transcript.append(Array("more".utf8)).text == "\n\nmore")
        #expect(transcript.finish().text == "")
        #expect(transcript.shown == "977966748\n\nmore")
        #expect(!transcript.isCut)
    }

    @Test func `too much is cut in the middle and the cut is named`() {
        var transcript = Transcript(OutputBudget(tokensMax: 200, encoding: nil))
        let delta = transcript.append(Array((String(repeating: "a", count: 5000) + "tail").utf8))
        #expect(delta.text == String(repeating: "a", count: 512))
        let rest = transcript.finish().text
        #expect(rest.contains("bytes left out"))
        #expect(rest.hasSuffix("aaaaaatail"))
        #expect(transcript.isCut)
        #expect(transcript.shown.utf8.count < 900)
    }

    @Test(
        .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"),
        arguments: ["word ", "漢字", "\n", " ", "aGVsbG8", "0.12345 "],
        [1, 700, 70_000]
    )
    func `no more tokens are shown than may be, and not many fewer`(unit: String, pieceBytes: Int) throws {
        let encoding = try Installed.encoding()
        let budget = OutputBudget(tokensMax: 1000, encoding: encoding)
        let bytes = Array(String(repeating: unit, count: 20_000 / unit.utf8.count * 3).utf8) + Array("the end".utf8)
        var transcript = Transcript(budget)
        var output = ToolOutput(text: "", ids: [])
        for start in stride(from: 0, to: bytes.count, by: pieceBytes) {
            output += transcript.append(Array(bytes[start..<min(start + pieceBytes, bytes.count)]))
        }
        output += transcript.finish()
        let deltas = output.text
        #expect(deltas == transcript.shown)
        #expect(deltas.hasSuffix("the end"))
        #expect(output.ids == encoding.encode(deltas))
        // The line that names the cut has some twenty of its own.
        let count = encoding.count(deltas)
        #expect(count <= 1030)
        #expect(count > 900 || deltas.utf8.count > 7000)
    }

    @Test(
        .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"),
        arguments: [500, 20_000, 300_000]
    )
    func `what is shown is encoded once`(bytesCount: Int) throws {
        let line = "2026-11-29T13:00:00 INFO worker=7 a line of a log, as programs write many\n"
        let bytes = Array(String(repeating: line, count: bytesCount / line.utf8.count + 1).utf8)
        let count = EncodingCount()
        let shown = try EncodingCount.$current.withValue(count) {
            var transcript = Transcript(OutputBudget(tokensMax: 10_000, encoding: try Installed.encoding()))
            _ = transcript.append(bytes)
            _ = transcript.note("a remark")
            _ = transcript.finish()
            return transcript.shown
        }
        // Of a tail that is cut, what is before the cut was encoded too, to find it.
        let cutBytes = bytesCount == 300_000 ? 80_000 : 0
        #expect((shown.utf8.count...shown.utf8.count + cutBytes).contains(count.bytes))
    }

    @Test func `memory stays bounded while much is written`() {
        var transcript = Transcript(OutputBudget(tokensMax: 250, encoding: nil))
        for _ in 0..<1000 { _ = transcript.append(Array(repeating: 0x78, count: 4096)) }
        _ = transcript.finish()
        #expect(transcript.shown.utf8.count < 1500)
    }

    @Test(arguments: [1, 1000, 65_536])
    func `of a flood that is no text the ends are shown, and the rest is counted`(pieceBytes: Int) throws {
        var numbers = SplitMix(seed: 7)
        let flood = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: numbers.next()) }
        var transcript = Transcript(OutputBudget(tokensMax: 1000, encoding: nil))
        var deltas = ""
        for start in stride(from: 0, to: flood.count, by: pieceBytes) {
            deltas += transcript.append(Array(flood[start..<min(start + pieceBytes, flood.count)])).text
        }
        deltas += transcript.append(Array("the end".utf8)).text
        deltas += transcript.finish().text
        #expect(deltas == transcript.shown)
        #expect((3000...4400).contains(deltas.utf8.count))
        #expect(!deltas.contains("\0"))
        #expect(deltas.hasSuffix("the end"))
        let count = try #require(try #/… ([0-9]+) bytes left out/#.firstMatch(in: deltas)).1
        // Each byte of a flood that is no text takes up to three of what is shown.
        #expect((195_900...198_800).contains(try #require(Int(count))))
    }

    @Test func `a character that is never finished becomes one replacement`() {
        var transcript = Transcript(OutputBudget(tokensMax: 25, encoding: nil))
        _ = transcript.append([0x78, 0xE2, 0x82])
        _ = transcript.finish()
        #expect(transcript.shown == "x\u{FFFD}")
    }

    @Test func `a remark stands on a line of its own`() {
        var transcript = Transcript(OutputBudget(tokensMax: 25, encoding: nil))
        _ = transcript.append(Array("x".utf8))
        _ = transcript.note("cut")
        _ = transcript.append(Array("y\n".utf8))
        _ = transcript.note("end")
        _ = transcript.finish()
        #expect(transcript.shown == "x\n[cut]\ny\n[end]")
    }

    @Test func `nothing written is empty`() {
        var transcript = Transcript(OutputBudget(tokensMax: 25, encoding: nil))
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
