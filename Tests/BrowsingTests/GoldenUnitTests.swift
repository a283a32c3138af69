import PythonText
import TestSupport
import Testing
import Tokenizer

@testable import Browsing

/// What the parts of the reference say, as it was recorded.
@Suite(.bounded, .enabled(if: Goldens.areRecorded, "run scripts/goldens"))
struct GoldenUnitTests {
    @Test func `text is wrapped as textwrap wraps it`() throws {
        for unit in try Goldens.units(\GoldenUnits.wrap, atLeast: 160) {
            let wrapped = WrappedText(Array(unit.text.utf8))
            let lines = wrapped.lines.map { String(decoding: wrapped.bytes[$0.range], as: UTF8.self) }
            #expect(lines.map { Array($0.utf8) } == unit.lines.map { Array($0.utf8) }, "\(unit.text)")
        }
    }

    @Test func `a window ends where the reference ends it`() throws {
        let encoding = try Installed.encoding()
        for unit in try Goldens.units(\GoldenUnits.window, atLeast: 40) {
            let wrapped = WrappedText(Array(unit.text.utf8))
            let window = Window(tokensMax: unit.view_tokens, encoding: encoding)
            #expect(wrapped.lines.count == unit.total_lines)
            #expect(window.end(of: wrapped, from: unit.loc, count: unit.num_lines) == unit.end_loc)
        }
    }

    @Test func `links are stripped as the reference strips them`() throws {
        for unit in try Goldens.units(\GoldenUnits.strip_links, atLeast: 15) {
            #expect(String(decoding: LinkStripping.stripped(Array(unit.in.utf8)), as: UTF8.self) == unit.out)
        }
    }

    /// In one piece, and one character after the other.
    @Test(arguments: [Int.max, 1])
    func `citations become links`(pieceLength: Int) throws {
        for unit in try Goldens.units(\GoldenUnits.citations, atLeast: 30) {
            var resolver = CitationResolver(pageURLs: unit.page_stack, hidesPartial: unit.hide_partial)
            var outputs: [CitationResolver.Output] = []
            var rest = Substring(unit.in)
            while !rest.isEmpty {
                outputs.append(resolver.feed(String(rest.prefix(pieceLength))))
                rest = rest.dropFirst(pieceLength)
            }
            #expect(resolver.hasPartial == unit.has_partial, "\(unit.in)")
            outputs.append(resolver.finish())
            #expect(outputs.map(\.text).joined() == unit.out)
            let annotations = outputs.flatMap(\.annotations)
            #expect(annotations.map(\.range) == unit.annotations.map { $0.start_index..<$0.end_index })
            #expect(annotations.map(\.title) == unit.annotations.map(\.title))
            #expect(annotations.map(\.url) == unit.annotations.map(\.url))
        }
    }

    /// Special tokens differ: the reference counts with o200k_base, and no ordinary text becomes one of them.
    @Test func `a token is as long as the reference takes it for`() throws {
        let encoding = try Installed.encoding()
        let golden = try #require(try Goldens.units(\GoldenUnits.lengths, atLeast: 1).first)
        let specialFirst = 199_998
        #expect(golden.samples.count > 10)
        for (id, length) in golden.samples where (Int(id) ?? 0) < specialFirst {
            #expect(encoding.scalarCounts(of: [UInt32(id) ?? 0]) == [length], "\(id)")
        }
        // Two of o200k_base's special tokens have a text, the others are one character to it.
        let specialSum = "<|endoftext|>".count + "<|endofprompt|>".count + golden.n_vocab - specialFirst - 2
        let ordinary = (0..<UInt32(specialFirst)).map(\.self)
        #expect(encoding.scalarCounts(of: ordinary).reduce(0, +) == golden.sum - specialSum)
    }
}
