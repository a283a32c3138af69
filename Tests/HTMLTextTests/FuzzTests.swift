import Foundation
import TestSupport
import Testing

@testable import HTMLText

/// Random pages: none crashes, and none becomes more than it may.
@Suite(.fuzzing) struct FuzzTests {
    /// How many pages; the environment may ask for more.
    private static let inputs = ProcessInfo.processInfo.environment["HARMONIUM_FUZZ_INPUTS"].flatMap(Int.init) ?? 3000

    @Test func `mutated pages become text of a bounded size`() throws {
        var random = SplitMix(seed: 20_260_101)
        let seeds = Self.seeds()
        for number in 0..<Self.inputs {
            let page = Self.page(number, from: seeds, &random)
            let fixes: HTMLFixes = number.isMultiple(of: 2) ? .all : .reference
            guard let shown = try? RenderedPage(source: page, url: "https://unit.example/dir/", fixes: fixes) else {
                continue
            }
            #expect(String(validating: shown.text, as: UTF8.self) != nil, "\(number)")
            // A list item of four bytes is at most its indent, a number and a line break.
            #expect(shown.text.count < 4096 + page.count * 160, "\(number)")
            #expect(shown.links.count <= page.count)
        }
    }

    @Test func `a tape has no more events than its page has bytes`() {
        var random = SplitMix(seed: 7)
        for number in 0..<200 {
            let page = Self.page(number, from: [], &random)
            let source = PreparedSource(page, bytesMax: 1 << 20, keepsSecondPlane: true)
            let tape = TreeBuilder.tape(of: source, fixes: .all)
            #expect(tape.events.count <= 2 * page.count + 4)
            #expect(tape.text.count <= 3 * page.count)
            for (index, event) in tape.events.enumerated() where event.kind == .open {
                #expect(Int(event.first) > index && tape.events[Int(event.first)].kind == .close)
            }
        }
    }

    /// What takes quadratic time in the reference, or would in a careless reader: far more than a page has.
    @Test(arguments: [
        "<a href=x>y</a> ", "<a href=x><div><i hidden>y</i>", "<a href=x><div> ", "<a href=x><div>y",
        "<a href='http://]'><div>y", "<img>", "<b>", "<b></i>", "<div><b></p>",
        "<ul><li>x", "<blockquote>x", "<sup>", "<sup>a", "<!--", "<!-- -->", "<math>", "<math><annotation>",
        "</body><body>x",
        "<pre>\n", "<ul><pre>\n", "&#12304;@", "<abbr title=x>y", "<q>", "<s>x", "<title>", "<p hidden>", "<x-\u{1}>",
        "<",
        "&", "\n", "<td>1. ", "<base href=//h/>", "<table><tr><td>x",
    ])
    func `steps and text grow no faster than the page`(part: String) throws {
        for fixes in [HTMLFixes.reference, .all] {
            let counts = [5_000, 40_000].map { length in
                let counter = StepCounter()
                let page = Array(String(repeating: part, count: length / part.utf8.count).utf8)
                let shown = Steps.$counter.withValue(counter) {
                    try? RenderedPage(source: page, url: "https://unit.example/", fixes: fixes)
                }
                #expect((shown?.text.count ?? 0) <= RenderedPage.textBytesMax + (1 << 20))
                return counter.count
            }
            // Eight times the page; what a page of no length takes is in both.
            #expect(counts[0] > 0 && counts[1] <= 10 * max(counts[0], 500), "\(counts)")
        }
    }

    @Test func `a long base does not make every link long`() throws {
        let html =
            "<base href='//\(String(repeating: "h", count: 200_000))/'>"
            + String(repeating: "<a href=x>y</a>", count: 2000)
        let shown = try RenderedPage(source: Array(html.utf8), url: "https://unit.example/")
        #expect(shown.isTruncated)
        #expect(shown.text.count < 64 << 20)
    }

    @Test func `a page that is too long is cut`() throws {
        let long = Array("<p>a".utf8) + Array(repeating: 0x20, count: RenderedPage.sourceBytesMax) + Array("<p>b".utf8)
        let shown = try RenderedPage(source: long, url: "")
        #expect(shown.isTruncated)
        #expect(String(decoding: shown.text, as: UTF8.self) == "a")
    }

    // MARK: Pages

    private static func seeds() -> [[UInt8]] {
        Goldens.folders("browser/html").flatMap(seeds)
    }

    private static func seeds(in folder: URL) -> [[UInt8]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.sorted().filter { $0.hasSuffix(".html") }.compactMap { name in
            (try? Data(contentsOf: folder.appending(path: name))).map(Array.init)
        }
    }

    private static func page(_ number: Int, from seeds: [[UInt8]], _ random: inout SplitMix) -> [UInt8] {
        guard number.isMultiple(of: 3), let seed = seeds.randomElement(using: &random), !seed.isEmpty else {
            return made(&random)
        }
        let start = Int.random(in: 0..<seed.count, using: &random)
        var page = Array(seed[start..<min(seed.count, start + 2000)])
        for _ in 0..<Int.random(in: 1...8, using: &random) { mutate(&page, &random) }
        return page
    }

    private static func made(_ random: inout SplitMix) -> [UInt8] {
        (0..<Int.random(in: 1...40, using: &random)).flatMap { _ in part(&random) }
    }

    private static func mutate(_ page: inout [UInt8], _ random: inout SplitMix) {
        let index = Int.random(in: 0...page.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: page.removeSubrange(index..<min(page.count, index + Int.random(in: 1...20, using: &random)))
        case 1: page.insert(UInt8.random(in: 0...255, using: &random), at: index)
        case 2: page.insert(contentsOf: page[index..<min(page.count, index + 100)], at: index)
        default: page.insert(contentsOf: part(&random), at: index)
        }
    }

    private static func part(_ random: inout SplitMix) -> [UInt8] {
        let name = Tag.names.randomElement(using: &random) ?? "p"
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: return Array("<\(name)\(attributes.randomElement(using: &random) ?? "")>".utf8)
        case 4..<7: return Array("</\(name)>".utf8)
        default: return Array((texts.randomElement(using: &random) ?? "").utf8)
        }
    }

    private static let attributes = [
        "", "", "", " href=/x", " href='https://o.example/y'", " href=#f", " title=t", " alt='x'", " start=3",
        " hidden",
        " style='display:none'", " href='http://]'", " a=b c", " /", " x='",
    ]
    private static let texts = [
        "a", "word ", "1. ", "- ", "\n", "\t", "\r\n", "é", "漢", "😀", "&amp;", "&lt;", "&#13;", "&#1;", "&nbsp;",
        "&not",
        "\\(", "*", "~", "【0†x】", "&#12304;@k&#12305; ", "<!-- c -->", "<!--x>y-->", "<!--", "<![CDATA[q]]>", "</",
        "<?x>",
        "<!doctype html>", "\u{FEFF}", "\u{0}", "\u{C}", "\u{2028}",
    ]
}
