import TestSupport
import Testing

@testable import WebSearch

/// Questions as models ask them, and documents as distributions have them.
@Suite(.bounded) struct QuestionTests {
    @Test func `a question is about its telling words, in any of their forms`() async throws {
        let indexed = try await IndexedFolder([
            "leaks.txt": "Memory checking\nFinding leaked blocks of a running program",
            "words.txt": "Words\nhow do I find the way to do it, and what is it that I do",
            "other.txt": "Other\nblocks of wood",
        ])
        #expect(try await indexed.paths("How do I find memory leaks?", count: 1) == ["leaks.txt"])
        #expect(try await indexed.paths("program checks").first == "leaks.txt")
        // Where there are no others, the words of questions are words too.
        #expect(try await indexed.paths("what is it") == ["words.txt"])
    }

    @Test func `words that stand together rank before the same words apart`() async throws {
        let filler = String(repeating: "filler ", count: 30)
        let indexed = try await IndexedFolder([
            "apart.txt": "One\nproxy \(filler) server \(filler) settings \(filler)",
            "together.txt": "Two\n\(filler) \(filler) the settings of the proxy server \(filler)",
        ])
        #expect(try await indexed.paths("what are the proxy server settings") == ["together.txt", "apart.txt"])
    }

    @Test func `an excerpt shows another form of a word`() async throws {
        let filler = String(repeating: "filler words without end ", count: 500)
        let indexed = try await IndexedFolder(["a.txt": "Title\n\(filler) it was indexing quickly \(filler)"])
        let hit = try #require(try await indexed.index.search("how does it index?", count: 1).first)
        #expect(hit.summary.contains("it was indexing quickly"))
    }

    @Test func `documents without a known ending are found by what they are called`() async throws {
        let indexed = try await IndexedFolder([
            "README.Debian": "pear one", "NEWS.old": "pear two", "faq.en": "pear three", "INSTALL.unix": "pear four",
            "data.csv": "pear", "script.sh": "pear", "readme.png": "\u{0}pear",
        ])
        #expect(Set(try await indexed.paths("pear")) == ["README.Debian", "NEWS.old", "faq.en", "INSTALL.unix"])
        #expect(indexed.report.problems == [.init(path: "readme.png", reason: "is no text")])
    }

    @Test func `compressed documents are found, opened and bounded, and logs of changes are left out`() async throws {
        let folder = try TemporaryFolder()
        for path in ["a/README.gz", "a/NEWS.Debian.gz", "a/changelog.gz", "a/changelog.Debian.gz", "a/x.bin.gz"] {
            try folder.write(path, Self.wisdom)
        }
        try folder.write("a/two.txt.gz", Self.wisdom + Self.wisdom)
        try folder.write("a/damaged.txt.gz", Array(Self.wisdom.prefix(4)))
        let index = try LocalIndex(file: "\(folder.path)/index")
        let report = try await index.add("docs", directory: "\(folder.path)/a")
        #expect(report.problems.map(\.path) == ["damaged.txt.gz"])
        let hits = try await index.search("quince", count: 9)
        #expect(Set(hits.map(\.url)) == ["local://docs/README.gz", "local://docs/two.txt.gz"])
        #expect(hits.allSatisfy { $0.title == "Wisdom" })
        let page = try await index.page(for: "local://docs/two.txt.gz")
        #expect(String(decoding: page.body, as: UTF8.self) == Self.text + Self.text)
        #expect(page.contentType == "text/plain")
        var limits = LocalIndex.Limits()
        limits.textBytesMax = Self.wisdom.count
        let small = try LocalIndex(file: "\(folder.path)/small", limits: limits)
        let refused = try await small.add("docs", directory: "\(folder.path)/a")
        #expect(
            refused.problems.contains(.init(path: "two.txt.gz", reason: "is larger than \(Self.wisdom.count) bytes"))
        )
    }

    @Test(arguments: [
        ("a.rst", ".. _label:\n\n:orphan:\n\nThe title\n=========\n\nText", "The title"),
        ("b.rst", "=====\nOver\n=====\ntext", "Over"), ("c.rst", "No title here\n\ntext", "No title here"),
        ("d.rst", ".. comment\n\nText first\n\nThen a title\n------------\n", "Then a title"),
        ("e.md", "The title\n=========\ntext", "The title"), ("f.md", "---\nlayout: x\n---\n# Real\n", "Real"),
        ("g.txt", "First line\n\nA section\n---------", "First line"),
    ])
    func `a text is called by its title`(path: String, text: String, title: String) async throws {
        let indexed = try await IndexedFolder([path: text])
        #expect(try await indexed.index.search(title, count: 1).map(\.title) == [title])
    }

    @Test func `of twins one is shown, and all can be opened`() async throws {
        let text = "License\nPermission is granted to all quinces"
        let indexed = try await IndexedFolder([
            "a/copyright": text, "b/copyright": text, "c/copyright": text, "d/copyright": text + " but one",
        ])
        #expect(try await indexed.paths("quince") == ["a/copyright", "d/copyright"])
        #expect(try await indexed.paths("quince", count: 2) == ["a/copyright", "d/copyright"])
        #expect(try await !indexed.index.page(for: "local://docs/c/copyright").body.isEmpty)
        try indexed.folder.remove("docs/a/copyright")
        _ = try await indexed.index.update("docs")
        #expect(try await indexed.paths("quince") == ["b/copyright", "d/copyright"])
    }

    private static let text = "Wisdom\nA compressed quince.\n"
    /// `text`, by gzip.
    private static let wisdom: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x0B, 0xCF, 0x2C, 0x4E, 0xC9, 0xCF,
        0xE5, 0x72, 0x54, 0x48, 0xCE, 0xCF, 0x2D, 0x28, 0x4A, 0x2D, 0x2E, 0x4E, 0x4D, 0x51, 0x28, 0x2C,
        0xCD, 0xCC, 0x4B, 0x4E, 0xD5, 0xE3, 0x02, 0x00, 0xDD, 0x15, 0xB6, 0x57, 0x1C, 0x00, 0x00, 0x00,
    ]
}
