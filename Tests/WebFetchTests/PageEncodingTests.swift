import Foundation
import LinuxSystem
import SystemCodecs
import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct PageEncodingTests {
    private func decoded(_ bytes: [UInt8], label: String? = nil, isMarkup: Bool = true) throws -> String {
        let (encoding, mark) = PageEncoding.detect(bytes, serverLabel: label, isMarkup: isMarkup)
        return try encoding.decode(Array(bytes.dropFirst(mark)))
    }

    @Test(
        arguments: [
            ([0xef, 0xbb, 0xbf, 0xc3, 0xa9], "é"), ([0xfe, 0xff, 0, 0xe9], "é"), ([0xff, 0xfe, 0xe9, 0], "é"),
            ([0xff, 0xfe, 0x3d, 0xd8, 0x00, 0xde], "😀"), ([0xff, 0xfe, 0xe9], "\u{FFFD}"), ([0xff, 0xfe], ""), ([], ""),
            ([0xe9], "é"), ([0xc3, 0xa9], "é"), ([0x80, 0x81, 0x9f], "€\u{81}Ÿ"),
            ([0x61, 0xc3, 0xa9, 0xe2, 0x82], "aé\u{FFFD}"), ([0x61, 0xe9, 0xe9, 0x61], "aééa"),
        ] as [([UInt8], String)]
    )
    func `a mark says more than anything, and without one UTF-8 is preferred`(bytes: [UInt8], text: String) throws {
        #expect(try decoded(bytes) == text)
        if bytes.first ?? 0 >= 0xef { #expect(try decoded(bytes, label: "koi8-r") == text) }
    }

    @Test func `some broken bytes make UTF-8 no other encoding, and many do`() throws {
        let word = Array("Москва ".utf8)
        #expect(try decoded(word + [0xff] + word).hasPrefix("Москва \u{FFFD}Москва"))
        #expect(try decoded(word + [0xd0] + word + [0x80, 0x20] + word).hasPrefix("Москва \u{FFFD}Москва \u{FFFD} "))
        // One character that happens to look like UTF-8.
        #expect(try decoded([0xe9, 0x20, 0xe8, 0x20, 0xc3, 0xa9, 0x20, 0xe0, 0x20]) == "é è Ã© à ")
    }

    private static let texts: [LegacyEncoding: String] = [
        .gb18030: "第一千七百零六章，服务器端口。末日乐园，他说这是一个很好的办法。",
        .big5: "第一千七百零六章，伺服器端口。末日樂園，他說這是一個很好的辦法。",
        .shiftJIS: "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。",
        .eucJP: "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。",
        .eucKR: "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    ]

    @Test(arguments: [LegacyEncoding.gb18030, .big5, .shiftJIS, .eucJP, .eucKR])
    func `East Asian text is known without a declaration`(encoding: LegacyEncoding) throws {
        let text = try #require(Self.texts[encoding])
        let bytes = try encoded(text, encoding)
        #expect(try decoded(Array("<title>".utf8) + bytes + Array("</title><p class='x'>and more".utf8)).contains(text))
    }

    @Test(arguments: [
        (
            LegacyEncoding.windows1252,
            "Le garçon a été très étonné à l’Élysée. «Où es-tu?» dit-il, naïvement; c’était là."
        ),
        (.windows1252, "It’s said he’s here, she’s there, it’s late, who’s he, that’s it, let’s go, it’s ours"),
        (.windows1252, "20°C 21°C 22°C 23°C 24°C 25°C 26°C 27°C 28°C 29°C"),
        (.windows1251, "Столица России город Москва, и все люди рождаются свободными."),
        (.koi8r, "Столица России город Москва, и все люди рождаются свободными."),
        (.windows1253, "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια."),
        (.windows874, "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์ และสิทธิ"),
    ])
    func `other text is not taken for East Asian`(encoding: LegacyEncoding, text: String) throws {
        #expect(
            try PageEncoding.detect(encoded(text, encoding), serverLabel: nil, isMarkup: true).encoding
                == .legacy(.windows1252)
        )
    }

    /// `text` in an old encoding: the bytes of each of its characters, found by reading all that there are.
    private func encoded(_ text: String, _ encoding: LegacyEncoding) throws -> [UInt8] {
        var bytesOf: [String: [UInt8]] = [:]
        for lead in UInt8(0x80)...0xFF {
            for bytes in [[lead]] + (UInt8(0x40)...0xFE).map({ [lead, $0] }) {
                let read = String(decoding: try encoding.utf8(bytes), as: UTF8.self)
                if read.unicodeScalars.count == 1, bytesOf[read] == nil { bytesOf[read] = bytes }
            }
        }
        return try text.unicodeScalars.flatMap { scalar in
            try scalar.isASCII ? [UInt8(scalar.value)] : #require(bytesOf[String(scalar)], "\(scalar)")
        }
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

    @Test func `a page may say its encoding late, but not in its scripts`() throws {
        let meta = "<meta charset=koi8-r>"
        for (before, end) in [
            (String(repeating: " ", count: 5000), "а"),
            ("<style>a{}</STYLE >" + String(repeating: "<i>", count: 9000), "а"),
            ("<script>document.write('\(meta)')</script>", "Á"), ("<title>\(meta)", "Á"),
            ("<scripted>", "а"), ("<script>x", "Á"),
        ] {
            let late = Array((before + (end == "а" ? meta : "")).utf8)
            #expect(try decoded(late + [0xc1]).hasSuffix(end), "\(before.prefix(40))")
        }
        #expect(try decoded(Array(repeating: 0x20, count: 256 << 10) + Array(meta.utf8) + [0xc1]).hasSuffix("Á"))
    }

    @Test func `the server's word counts more than the page's, unless it is unknown`() throws {
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

    @Test(.enabled(if: Goldens.areRecorded, "run scripts/goldens"), arguments: CharsetGolden.all)
    func `recorded pages are read in their encoding`(golden: CharsetGolden) throws {
        #expect(
            PageEncoding.detect(golden.bytes, serverLabel: nil, isMarkup: true).encoding
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

    static let all = Goldens.folders("browser").flatMap(recorded)

    private static func recorded(in folder: URL) -> [CharsetGolden] {
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
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.filter { $0.hasPrefix("s14_") || $0.hasPrefix("charset-") }.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appending(path: name)),
                let scenario = try? JSONDecoder().decode(Scenario.self, from: data),
                let (url, page) = scenario.backend.pages.first, let after = scenario.pages_after[url],
                let bytes = try? Data(contentsOf: folder.appending(path: page.html_file))
            else { return nil }
            return CharsetGolden(name: name, label: page.encoding, title: after.title, bytes: Array(bytes))
        }
    }
}
