import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import harmonium

@Suite(.bounded) struct ImageCommandTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    @Test func `an image is imported, checked and removed`() async throws {
        try FileManager.default.createDirectory(
            at: directory.appending(path: "root/bin"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data().write(to: directory.appending(path: "root/bin/sh"))
        let archive = directory.appending(path: "small.tar.gz").path()
        let packed = try Process.run(
            URL(filePath: "/usr/bin/env"),
            arguments: ["tar", "czf", archive, "-C", directory.appending(path: "root").path(), "."]
        )
        packed.waitUntilExit()

        let store = ["--store", directory.appending(path: "store").path()]
        try await ImageCommand.Import.parse([archive] + store).run()
        try await ImageCommand.List.parse(store).run()
        try await ImageCommand.Check.parse(["small"] + store).run()
        let file = directory.appending(path: "store/small/root/bin/sh").path()
        #expect(FileManager.default.fileExists(atPath: file))
        try await ImageCommand.Remove.parse(["small"] + store).run()
        #expect(!FileManager.default.fileExists(atPath: file))
        await #expect(throws: ExitCode(1)) { try await ImageCommand.Remove.parse(["small"] + store).run() }
        await #expect(throws: ExitCode(1)) { try await ImageCommand.Import.parse(["/none.tar"] + store).run() }
    }

    @Test func `an image from which nothing can start fails the check`() async throws {
        try FileManager.default.createDirectory(
            at: directory.appending(path: "root"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: directory) }
        let archive = directory.appending(path: "empty.tar").path()
        let packed = try Process.run(
            URL(filePath: "/usr/bin/env"),
            arguments: ["tar", "cf", archive, "-C", directory.appending(path: "root").path(), "."]
        )
        packed.waitUntilExit()
        let store = ["--store", directory.appending(path: "store").path()]
        try await ImageCommand.Import.parse([archive, "--name", "empty"] + store).run()
        await #expect(throws: ExitCode(1)) { try await ImageCommand.Check.parse(["empty"] + store).run() }
    }

    @Test(arguments: [("/a/b.tar.gz", "b"), ("b.tgz", "b"), ("debian-12.tar", "debian-12"), ("layout", "layout")])
    func `an image is called what its file is called`(path: String, name: String) {
        #expect(ImageCommand.Import.name(of: path) == name)
    }
}
