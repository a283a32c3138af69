import TestSupport
import Testing

@testable import WebSearch

@Suite(.bounded) struct LocalIndexTests {
    @Test func `documents of every kind are found by their words and shown by their titles`() async throws {
        let indexed = try await IndexedFolder([
            "a.html": "<title>Über Äpfel</title><h1>x</h1><p>An <b>apple</b> is a fruit_tree&rsquo;s</p>",
            "b.md": "---\nlayout: x\n---\n\n# The *Pear* #\n\nA pear, see [apple](a.html).",
            "sub/c.txt": "\n  ----\nQuinces and more\nA quince.",
            "README": "No extension\nplum",
            "e.png": "apple", "f.html": "", ".hidden/g.txt": "apple", ".h.txt": "apple",
        ])
        #expect(indexed.report.addedCount == 4)
        #expect(indexed.report.problems == [.init(path: "f.html", reason: "has no text")])
        let hits = try await indexed.index.search("apple", count: 10)
        #expect(Set(hits.map(\.title)) == ["Über Äpfel", "The *Pear*"])
        #expect(
            try await indexed.index.search("fruit_tree", count: 1).map(\.summary) == ["x An apple is a fruit_tree’s"]
        )
        #expect(
            try await indexed.index.search("quince", count: 10)
                == [
                    SearchHit(
                        url: "local://docs/sub/c.txt",
                        title: "Quinces and more",
                        summary: "---- Quinces and more A quince."
                    )
                ]
        )
        #expect(try await indexed.index.search("plum", count: 10).map(\.title) == ["No extension"])
        #expect(try await indexed.paths("apfel") == ["a.html"])
        #expect(
            try await indexed.index.corpora()
                == [
                    Corpus(name: "docs", directory: "\(indexed.folder.path)/docs", documentCount: 4, unreadableCount: 1)
                ]
        )
    }

    @Test func `a word in the title counts more than many in the text`() async throws {
        let indexed = try await IndexedFolder([
            "body.html": "<title>Fruit</title><p>apple apple apple apple pear plum</p>",
            "title.html": "<title>Apple</title><p>something else that is said here</p>",
            "z1.html": "<title>Other</title><p>pear</p>", "z2.html": "<title>Another</title><p>plum</p>",
        ])
        #expect(try await indexed.paths("apple") == ["title.html", "body.html"])
    }

    @Test func `what has all words comes before what has some`() async throws {
        let indexed = try await IndexedFolder([
            "some.txt": "Title\nkernel kernel kernel kernel", "all.txt": "Title\na kernel, and far from it a module",
            "none.txt": "Title\nnothing",
        ])
        #expect(try await indexed.paths("kernel module") == ["all.txt", "some.txt"])
        #expect(try await indexed.paths("kernel module", count: 1) == ["all.txt"])
        #expect(try await indexed.paths("kernel module", count: 0) == [])
    }

    @Test func `an excerpt shows where the words are`() async throws {
        let filler = String(repeating: "filler words without end ", count: 2000)
        let indexed = try await IndexedFolder(["a.txt": "Title\n\(filler) the needle is here \(filler)"])
        let hit = try #require(try await indexed.index.search("needle", count: 1).first)
        #expect(hit.summary.contains("the needle is here"))
        #expect(hit.summary.utf8.count < 600)
        #expect(hit.summary.hasPrefix("…"))
    }

    @Test(arguments: [
        "\"", "\"\"", "'", "a\" OR \"b", "NEAR(a b, 2)", "title:apple", "{title body}: x", "^apple", "apple*", "*",
        "-apple",
        "+", "(", ")", "(apple", "apple AND", "OR", "NOT apple", "AND OR NOT", "a AND NOT b", "--", ";", "\\", "%_",
        "🍎",
        "🍎 apple", "👩‍👩‍👧‍👦", "\u{0}", "a\u{0}b", "\u{FFFD}", "\u{301}", "e\u{301}", "管", "管理", "管🍎理", "パッケージ 管理", "", " ",
        "c++", "node.js", "a\nb\tc", "\u{10FFFF}", "ﷺ", "ß", "٣", "½", "\u{E000}", String(repeating: "(", count: 5000),
        String(repeating: "a ", count: 5000), String(repeating: "x", count: 100_000),
        String(repeating: "管", count: 9000),
        "'; DROP TABLE passage; --", "passage MATCH 'x'", "a:b:c", "\"unclosed apple", "rank", "😀\u{FE0F}\u{20E3}",
    ])
    func `no query is a mistake`(query: String) async throws {
        let indexed = try await IndexedFolder(["a.txt": "Apple\napple 管理 c node.js"])
        let hits = try await indexed.index.search(query, count: 5)
        #expect(hits.count <= 1)
        #expect(try await indexed.index.search("apple", count: 5).count == 1)
    }

    @Test func `no mixture of operators, words and anything else is a mistake`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "Apple\napple pie 管理 ü"])
        let parts = [
            "\"", "'", "(", ")", "{", "}", ":", "*", "^", "+", "-", ",", " ", " ", " AND ", " OR ", " NOT ", "NEAR(",
            "apple",
            "pie", "title", "管理", "管", "🍎", "\u{0}", "\u{301}", "\u{200D}", "\u{E000}", "\u{10FFFD}", "ü", "7", "\\",
            ";",
        ]
        var state: UInt64 = 7
        for _ in 0..<2000 {
            var (query, isAskedFor) = ("", false)
            for _ in 0..<8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let part = parts[Int(state >> 33) % parts.count]
                query += part
                isAskedFor = isAskedFor || ["apple", "pie", "管", "管理", "ü"].contains(part)
            }
            let hits = try await indexed.index.search(query, count: 3)
            #expect(hits.isEmpty || isAskedFor, "\(query.debugDescription)")
        }
    }

    @Test(arguments: [
        ("\"apple pie\"", ["a.txt"]), ("APPLE", ["a.txt"]), ("ápple", ["a.txt"]), ("🍎 apple", ["a.txt"]),
        ("node.js", ["b.txt"]), ("js.node", ["b.txt"]), ("apple AND nothing", ["a.txt"]), ("pi", []),
        ("c++", ["b.txt"]),
        ("--apple", ["a.txt"]), ("What is an apple?", ["a.txt"]), ("site:x apple", ["a.txt"]),
    ])
    func `operators are words like others`(query: String, paths: [String]) async throws {
        let indexed = try await IndexedFolder(["a.txt": "One\nan apple pie", "b.txt": "Two\nnode.js c"])
        #expect(try await indexed.paths(query) == paths)
    }

    @Test(arguments: [
        ("パッケージ 管理", ["ja.html", "zh.txt"]), ("管理", ["ja.html", "zh.txt"]), ("理", ["ja.html", "zh.txt"]),
        ("軟體", ["zh.txt"]),
        ("套件管理", ["zh.txt", "ja.html"]), ("如何管理套件", ["zh.txt", "ja.html"]), ("데비안", ["ko.md"]), ("비안", ["ko.md"]),
        ("Debian管理", ["zh.txt", "ja.html"]),
        ("量子", []),
    ])
    func `languages without blanks are found by any part of a word`(query: String, paths: [String]) async throws {
        let indexed = try await IndexedFolder([
            "ja.html": "<title>Debian の概要</title><p>Debian のパッケージ管理システムです。</p>",
            "zh.txt": "手冊\n這是 Debian管理軟體的套件管理工具", "ko.md": "# 안내\n데비안은 자유 소프트웨어이다",
        ])
        #expect(try await Set(indexed.paths(query)) == Set(paths))
    }

    @Test func `an excerpt of a language without blanks is about what was asked for`() async throws {
        let filler = String(repeating: "これは長い文章です。", count: 500)
        let indexed = try await IndexedFolder(["a.txt": "表題\n\(filler)量子計算機の話。\(filler)"])
        let hit = try #require(try await indexed.index.search("量子計算機", count: 1).first)
        #expect(hit.summary.contains("量子計算機の話"))
        #expect(hit.summary.utf8.count < 450)
        let part = try #require(try await indexed.index.search("最新の量子について", count: 1).first)
        #expect(part.summary.contains("量子計算機の話"))
        let title = try #require(try await indexed.index.search("表題", count: 1).first)
        #expect(title.title == "表題")
    }

    @Test(
        arguments: [
            ("UTF-16", [0xFF, 0xFE, 0x61, 0, 0xE9, 0, 0x78, 0], "aéx"),
            ("windows-1252", [0x93, 0x63, 0x61, 0x66, 0xE9, 0x94], "“café”"),
            ("marked UTF-8", [0xEF, 0xBB, 0xBF, 0x63, 0xC3, 0xA9], "cé"),
        ] as [(String, [UInt8], String)]
    )
    func `text that is no UTF-8 is read as what it is`(encoding: String, bytes: [UInt8], text: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("a.txt", bytes)
        let index = try LocalIndex(file: "\(folder.path)/index")
        _ = try await index.add("docs", directory: folder.path)
        #expect(try await index.search(text, count: 1).map(\.title) == [text])
        #expect(try await index.page(for: "local://docs/a.txt").body == Array(text.utf8))
    }

    @Test func `files that are no text or too large are named`() async throws {
        var limits = LocalIndex.Limits()
        limits.textBytesMax = 100
        let indexed = try await IndexedFolder(
            [
                "large.txt": String(repeating: "x", count: 101), "fits.txt": String(repeating: "x", count: 100),
                "bin": "a\u{0}b",
            ],
            limits: limits
        )
        #expect(indexed.report.addedCount == 1)
        #expect(indexed.report.unreadableCount == 2)
        #expect(
            Set(indexed.report.problems.map { "\($0.path) \($0.reason)" })
                == ["large.txt is larger than 100 bytes", "bin is no text"]
        )
        let again = try await indexed.index.update("docs")
        #expect(again.unreadableCount == 0)
    }

    @Test func `more documents than an index takes are left out, and said to be`() async throws {
        var limits = LocalIndex.Limits()
        limits.documentsMax = 2
        let indexed = try await IndexedFolder(["a.txt": "a", "b.txt": "b", "c.txt": "c"], limits: limits)
        #expect(indexed.report.isTruncated)
        #expect(indexed.report.addedCount == 2)
    }
}
