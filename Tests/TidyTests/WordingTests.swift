import Foundation
import TestSupport
import Testing

/// That names, comments and texts use the words of `docs/glossary.md`.
@Suite(.bounded) struct WordingTests {
    private let wording: Wording

    init() throws { wording = Wording(glossary: try Tree.text(of: "docs/glossary.md")) }

    /// What is not of ours to word: contracts with models and clients, other programs' names, and the list itself.
    private static let exempt: Set<String> = [
        "docs/glossary.md", "Sources/ContainerImages/LayerUnpacker.swift", "Tests/TidyTests/Wording.swift",
        "Tests/TidyTests/WordingTests.swift",
    ]

    /// The folders whose text is checked.
    private static let folders = [
        "Benchmarks", "Examples", "Sources", "Tests", "deploy", "docs", "goldens", "sandbox", "scripts",
    ]
    private static let files = [
        "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "Makefile", "README.md", "SECURITY.md",
    ]

    @Test func `texts use the words of the glossary`() throws {
        #expect(wording.words.count > 20)
        for path in try Self.folders.flatMap(Tree.texts) + Self.files where !Self.exempt.contains(path) {
            for offence in wording.offences(in: try Tree.text(of: path)) {
                Issue.record("\(path):\(offence.line): \"\(offence.word)\" is not a word of docs/glossary.md")
            }
        }
    }

    @Test(arguments: [
        ("Nobody reads it.", ["nobody"]), ("a mailBox", ["mail"]), ("the mailbox's end", ["mailbox"]),
        ("isTold = true", ["told"]),
        ("a page that is none", ["is none"]), ("where there is none", []), ("left behind", ["behind"]),
        ("behind a proxy", []), ("`nobody`", []),
        ("user = \"nobody\"", []), ("if it is None:", []), ("toldest", []),
    ])
    func `a word is found as a word, and as part of a name`(text: String, found: [String]) {
        #expect(wording.offences(in: text).map(\.word) == found)
    }

    @Test func `the changelog begins with the version of the program`() throws {
        let version = try #require(
            try Tree.text(of: "Sources/harmonium/Harmonium.swift").firstMatch(of: #/let version = "(.+)"/#)?.1
        )
        let newest = try Tree.text(of: "CHANGELOG.md").firstMatch(of: #/(?m)^## (\d\S*)/#)?.1
        #expect(newest == version)
    }
}
