import Foundation
import Synchronization
import TestSupport
import Testing

@testable import WebSearch

@Suite(.bounded) struct LocalIndexUpdateTests {
    @Test func `an update reads what is new or changed, and nothing else`() async throws {
        let indexed = try await IndexedFolder(["same.txt": "same", "old.txt": "oldword", "gone.txt": "goneword"])
        try indexed.folder.write("docs/old.txt", "newword and longer")
        try indexed.folder.write("docs/new.txt", "freshword")
        try indexed.folder.remove("docs/gone.txt")
        let steps = Mutex<[IndexProgress]>([])
        let report = try await indexed.index.update("docs") { step in steps.withLock { $0.append(step) } }
        #expect(steps.withLock(\.self).last == IndexProgress(done: 2, total: 2))
        #expect(report.addedCount == 1)
        #expect(report.changedCount == 1)
        #expect(report.unchangedCount == 1)
        #expect(report.removedCount == 1)
        #expect(try await indexed.paths("oldword") == [])
        #expect(try await indexed.paths("goneword") == [])
        #expect(try await indexed.paths("newword") == ["old.txt"])
        #expect(try await indexed.paths("freshword") == ["new.txt"])
        #expect(try await indexed.paths("same") == ["same.txt"])
    }

    @Test func `a file of the same size and time is not even opened`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        try indexed.folder.touch("docs/a.txt", secondsSince1970: 1_000_000)
        _ = try await indexed.index.update("docs")
        try indexed.folder.write("docs/a.txt", "two")
        try indexed.folder.touch("docs/a.txt", secondsSince1970: 1_000_000)
        let report = try await indexed.index.update("docs")
        #expect(report.unchangedCount == 1)
        #expect(try await indexed.paths("one") == ["a.txt"])
        // The control: at another time, it is.
        try indexed.folder.touch("docs/a.txt", secondsSince1970: 1_000_001)
        #expect(try await indexed.index.update("docs").changedCount == 1)
        #expect(try await indexed.paths("two") == ["a.txt"])
    }

    @Test func `a file that was only touched is unchanged`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        try indexed.folder.touch("docs/a.txt", secondsSince1970: 5)
        let report = try await indexed.index.update("docs")
        #expect(report.unchangedCount == 1)
        #expect(report.changedCount == 0)
        #expect(try await indexed.paths("one") == ["a.txt"])
    }

    @Test func `a file that can be read again is found again`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        try indexed.folder.write("docs/a.txt", "\u{0}\u{0}")
        let broken = try await indexed.index.update("docs")
        #expect(broken.problems == [.init(path: "a.txt", reason: "is no text")])
        #expect(try await indexed.paths("one") == [])
        try indexed.folder.write("docs/a.txt", "one more")
        #expect(try await indexed.index.update("docs").addedCount == 1)
        #expect(try await indexed.paths("one") == ["a.txt"])
    }

    @Test func `a corpus that is removed is found no more, and others are`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        try indexed.folder.write("more/b.txt", "one more")
        _ = try await indexed.index.add("more", directory: "\(indexed.folder.path)/more")
        #expect(try await indexed.index.search("one", count: 9).count == 2)
        try await indexed.index.remove("docs")
        #expect(try await indexed.index.search("one", count: 9).map(\.url) == ["local://more/b.txt"])
        #expect(try await indexed.index.corpora().map(\.name) == ["more"])
        let error = await #expect(throws: SearchError.self) { try await indexed.index.remove("docs") }
        #expect(error?.message == "the index has no corpus `docs`")
        await #expect(throws: SearchError.self) { try await indexed.index.update("docs") }
    }

    @Test func `an index is kept in its file`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        let again = try LocalIndex(file: "\(indexed.folder.path)/index.sqlite")
        #expect(try await again.search("one", count: 1).count == 1)
        #expect(try await again.add("docs", directory: "\(indexed.folder.path)/docs").unchangedCount == 1)
    }

    @Test(arguments: [
        ("Docs", "/tmp", "`Docs` can be no corpus: use lower-case letters, digits and hyphens"),
        ("", "/tmp", "`` can be no corpus: use lower-case letters, digits and hyphens"),
        ("a/b", "/tmp", "`a/b` can be no corpus: use lower-case letters, digits and hyphens"),
        ("-a", "/tmp", "`-a` can be no corpus: use lower-case letters, digits and hyphens"),
        ("a", "tmp", "`tmp` is no absolute path"),
        ("a", "/nonexistent/x", "/nonexistent/x is no directory that can be read"),
        ("a", "/etc/passwd", "/etc/passwd is no directory that can be read"),
        ("docs", "/tmp", "`docs` is FOLDER/docs already: remove it first, or take another name"),
    ])
    func `what can be no corpus is refused and leaves nothing`(
        name: String,
        directory: String,
        message: String
    ) async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        let error = await #expect(throws: SearchError.self) { try await indexed.index.add(name, directory: directory) }
        #expect(error?.code == .badCorpus)
        #expect(error?.message == message.replacing("FOLDER", with: indexed.folder.path))
        #expect(try await indexed.index.corpora().map(\.name) == ["docs"])
    }

    @Test func `searches go on while an update is written`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        for number in 0..<600 { try indexed.folder.write("docs/\(number).txt", "one \(number)") }
        // Each step of the update searches, and so does somebody else all the time.
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await indexed.index.update("docs").addedCount }
            for _ in 0..<20 { group.addTask { try await indexed.index.search("one", count: 5).isEmpty ? 0 : 600 } }
            for try await count in group { #expect(count == 600) }
        }
        #expect(try await indexed.index.search("one 599", count: 1).map(\.url) == ["local://docs/599.txt"])
    }

    @Test func `a file of somebody else is refused and stays as it is`() async throws {
        let folder = try TemporaryFolder()
        let foreign = "\(folder.path)/foreign"
        // A database as other programs have it, but for its pages.
        var database = Array("SQLite format 3\0".utf8)
        database += [UInt8](repeating: 0, count: 4080)
        for content in [Array("not a database".utf8), [UInt8](repeating: 7, count: 8192), database] {
            try folder.write("foreign", content)
            let error = #expect(throws: SearchError.self) { try LocalIndex(file: foreign) }
            #expect(error?.code == .foreignFile)
            #expect(error?.message == "\(foreign) is no index of ours: name another file")
            #expect(try Data(contentsOf: URL(filePath: foreign)) == Data(content))
        }
        try folder.write("empty", "")
        #expect(throws: Never.self) { try LocalIndex(file: "\(folder.path)/empty") }
        let error = #expect(throws: SearchError.self) { try LocalIndex(file: "\(folder.path)/no/where") }
        #expect(error?.code == .storage)
        #expect(throws: SearchError.self) { try LocalIndex(file: folder.path) }
    }

    @Test func `an index of an older version keeps its directories, to be read once more`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        var bytes = Array(try Data(contentsOf: URL(filePath: "\(indexed.folder.path)/index.sqlite")))
        bytes[63] = 1
        try indexed.folder.write("older", bytes)
        let index = try LocalIndex(file: "\(indexed.folder.path)/older")
        #expect(try await index.corpora().map(\.name) == ["docs"])
        #expect(try await index.search("one", count: 1).isEmpty)
        #expect(try await index.update("docs").addedCount == 1)
        #expect(try await index.search("one", count: 1).map(\.url) == ["local://docs/a.txt"])
        // It is of this version now.
        #expect(try await LocalIndex(file: "\(indexed.folder.path)/older").search("one", count: 1).count == 1)
    }

    @Test func `an index of a newer version is said to be one`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        var bytes = Array(try Data(contentsOf: URL(filePath: "\(indexed.folder.path)/index.sqlite")))
        bytes[63] = 99
        try indexed.folder.write("later", bytes)
        let path = "\(indexed.folder.path)/later"
        let error = #expect(throws: SearchError.self) { try LocalIndex(file: path) }
        #expect(error?.message == "the index \(path) is of another version: delete it and add its directories again")
    }

    @Test func `a damaged index is said to be damaged`() async throws {
        let indexed = try await IndexedFolder(["a.txt": "one"])
        var bytes = Array(try Data(contentsOf: URL(filePath: "\(indexed.folder.path)/index.sqlite")))
        for index in 4096..<bytes.count { bytes[index] = 0xA5 }
        try indexed.folder.write("damaged", bytes)
        let path = "\(indexed.folder.path)/damaged"
        let error = await #expect(throws: SearchError.self) {
            try await LocalIndex(file: path).search("one", count: 1)
        }
        #expect(error?.code == .damaged)
        #expect(error?.message == "the index \(path) is damaged: delete it and add its directories again")
    }
}
