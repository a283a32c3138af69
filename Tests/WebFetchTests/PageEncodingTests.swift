import Foundation
import LinuxSystem
import TestSupport
import Testing

@testable import WebFetch

@Suite struct PageEncodingTests {
    private func decoded(_ bytes: [UInt8], label: String? = nil, isMarkup: Bool = true, isCut: Bool = false) throws
        -> String
    {
        let (encoding, mark) = PageEncoding.detect(bytes, serverLabel: label, isMarkup: isMarkup, isCut: isCut)
        return try encoding.decode(Array(bytes.dropFirst(mark)))
    }

    @Test(
        arguments: [
            ([0xef, 0xbb, 0xbf, 0xc3, 0xa9], "é"), ([0xfe, 0xff, 0, 0xe9], "é"), ([0xff, 0xfe, 0xe9, 0], "é"),
            ([0xff, 0xfe, 0x3d, 0xd8, 0x00, 0xde], "😀"), ([0xff, 0xfe, 0xe9], "\u{FFFD}"), ([0xff, 0xfe], ""), ([], ""),
            ([0xe9], "é"), ([0xc3, 0xa9], "é"), ([0x80, 0x81, 0x9f], "€\u{81}Ÿ"),
            ([0x61, 0xc3, 0xa9, 0xe2, 0x82], "aÃ©â‚"),
        ] as [([UInt8], String)]
    )
    func `a mark says more than anything, and without one UTF-8 is preferred`(bytes: [UInt8], text: String) throws {
        #expect(try decoded(bytes) == text)
        if bytes.first ?? 0 >= 0xef { #expect(try decoded(bytes, label: "koi8-r") == text) }
    }

    @Test func `a character that the limit cut is no other encoding`() throws {
        #expect(try decoded([0x61, 0xc3, 0xa9, 0xe2, 0x82], isCut: true) == "aé\u{FFFD}")
        #expect(try decoded([0x61, 0xe9, 0xe9, 0x61], isCut: true) == "aééa")
    }

    @Test(arguments: [
        ("<meta charset=koi8-r>\u{c1}", "а"), ("<META CHARSET=\"KOI8-R\">\u{c1}", "а"),
        ("<meta charset=' koi8-r '>\u{c1}", "а"),
        ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>\u{c1}", "а"),
        ("<meta content='text/html; charset=\"koi8-r\"' http-equiv=content-type>\u{c1}", "а"),
        ("<meta content='text/html; charset=koi8-r'>\u{c1}", "Á"), ("<meta name=charset content=koi8-r>\u{c1}", "Á"),
        ("<!-- <meta charset=koi8-r> -->\u{c1}", "Á"), ("<!--><meta charset=koi8-r>\u{c1}", "а"),
        ("<p title='<meta charset=koi8-r>'>\u{c1}", "Á"), ("</p <meta charset=koi8-r>\u{c1}", "Á"),
        ("<?x <meta charset=koi8-r>\u{c1}", "Á"), ("<meta charset=utf-16>\u{c1}", "\u{FFFD}"),
        ("<metacharset=koi8-r>\u{c1}", "Á"),
        ("<meta charset=nonsense><meta charset=koi8-r>\u{c1}", "а"), ("<meta charset=koi8-r charset=utf-8>\u{c1}", "а"),
        ("<?xml version='1.0' encoding='koi8-r'?>\u{c1}", "а"), (" <?xml version='1.0' encoding='koi8-r'?>\u{c1}", "Á"),
        ("<meta charset", ""), ("<meta charset=", ""), ("<meta charset='koi8-r", ""), ("<", ""), ("<meta", ""),
    ])
    func `a page says its encoding where browsers look for it`(page: String, end: String) throws {
        let bytes = page.unicodeScalars.map { UInt8($0.value) }
        #expect(try decoded(bytes).hasSuffix(end))
    }

    @Test func `no bytes stop the readers of a page`() throws {
        var random = SplitMix(seed: 3)
        let pieces = [
            "<meta", " charset=", "\"", "'", "koi8-r", "utf-16", ">", "<!--", "-->", "<", "/", "=", " ",
            "http-equiv=content-type",
            " content=", "text/html;charset=", "<?xml encoding=", "<item>", "</item>", "<title>", "</title>",
            "<![CDATA[", "]]>",
            "&lt;", "&amp;", "<link href='", "\u{0}", "é",
        ]
        for _ in 0..<5000 {
            let text = (0..<random.next() % 20).reduce("") { text, _ in
                text + pieces[Int(random.next() % UInt64(pieces.count))]
            }
            _ = try decoded(Array(text.utf8))
        }
    }

    @Test func `what stands after the first kilobyte is not looked at`() throws {
        let meta = Array("<meta charset=koi8-r>".utf8)
        for (blanks, end) in [(1024 - meta.count, "а"), (1024 - meta.count + 2, "Á")] {
            #expect(try decoded(Array(repeating: 0x20, count: blanks) + meta + [0xc1]).hasSuffix(end))
        }
    }

    @Test func `the server's word counts more than the page's, unless nobody knows it`() throws {
        let page = Array("<meta charset=koi8-r>".utf8) + [0xc1]
        #expect(try decoded(page, label: "windows-1251").hasSuffix("Б"))
        #expect(try decoded(page, label: "nonsense").hasSuffix("а"))
        #expect(try decoded(page, isMarkup: false).hasSuffix("Á"))
    }

    @Test(arguments: ["utf-7", "iso-2022-kr", "iso-2022-cn", "iso-2022-cn-ext", "hz-gb-2312", "replacement"])
    func `encodings that hide markup are not read`(label: String) throws {
        #expect(PageEncoding(label: label) == .replacement)
        #expect(try decoded(Array("+ADw-script+AD4-".utf8), label: label) == "\u{FFFD}")
    }

    @Test func `every label leads to a converter that this machine has`() throws {
        for (label, encoding) in PageEncoding.labels {
            #expect(throws: Never.self, "\(label)") { try encoding.decode([0x41]) }
            #expect(label == label.lowercased())
        }
        #expect(PageEncoding(label: "ISO-2022-CN-EXT//TRANSLIT") == nil)
        #expect(PageEncoding(label: "\t Latin1 \n") == .legacy(.windows1252))
    }

    @Test(.enabled(if: CharsetGolden.isPresent, SSRFCase.reason), arguments: CharsetGolden.all)
    func `recorded pages are read in their encoding`(golden: CharsetGolden) throws {
        #expect(
            PageEncoding.detect(golden.bytes, serverLabel: nil, isMarkup: true, isCut: false).encoding
                == PageEncoding(label: golden.label)
        )
        let text = try decoded(golden.bytes)
        #expect(!text.contains("\u{FFFD}"))
        // Another decoder's view of the same bytes.
        let title = text.firstMatch(of: #/<title>(.*)</title>/#)?.1
        #expect(title.map(String.init) == golden.title)
    }
}

/// A page in an encoding from before Unicode, and the title that a reference found in it.
struct CharsetGolden: Sendable, CustomTestStringConvertible {
    let name: String
    let label: String
    let title: String
    let bytes: [UInt8]

    var testDescription: String { name }

    static let isPresent = !all.isEmpty

    static let all: [CharsetGolden] = {
        struct Scenario: Decodable {
            struct Backend: Decodable {
                let pages: [String: Page]
            }
            struct Page: Decodable {
                let html_file: String
                let encoding: String
            }
            struct After: Decodable {
                let title: String
            }
            let backend: Backend
            let pages_after: [String: After]
        }
        let folder = Shared.folder.appending(path: "goldens/browser")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.filter { $0.hasPrefix("s14_") }.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appending(path: name)),
                let scenario = try? JSONDecoder().decode(Scenario.self, from: data),
                let (url, page) = scenario.backend.pages.first, let after = scenario.pages_after[url],
                let bytes = try? Data(contentsOf: folder.appending(path: page.html_file))
            else { return nil }
            return CharsetGolden(name: name, label: page.encoding, title: after.title, bytes: Array(bytes))
        }
    }()
}
