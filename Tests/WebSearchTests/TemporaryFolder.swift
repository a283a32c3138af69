import Foundation

@testable import WebSearch

/// A folder that is gone when this is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let name = "harmonium-index-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appending(path: name).path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ path: String, _ text: String) throws { try write(path, Array(text.utf8)) }

    func write(_ path: String, _ bytes: [UInt8]) throws {
        let url = URL(filePath: self.path).appending(path: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: url)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: "\(self.path)/\(path)") }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(self.path)/\(path)", withDestinationPath: target)
    }

    /// Makes a file look as if it had been changed at another time.
    func touch(_ path: String, secondsSince1970: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: secondsSince1970)],
            ofItemAtPath: "\(self.path)/\(path)"
        )
    }
}

/// Documents in a corpus called `docs`, and an index of them.
struct IndexedFolder {
    let folder: TemporaryFolder
    let index: LocalIndex
    let report: IndexReport

    init(_ documents: [String: String], limits: LocalIndex.Limits = .init()) async throws {
        folder = try TemporaryFolder()
        for (path, text) in documents { try folder.write("docs/\(path)", text) }
        index = try LocalIndex(file: "\(folder.path)/index.sqlite", limits: limits)
        report = try await index.add("docs", directory: "\(folder.path)/docs")
    }

    func paths(_ query: String, count: Int = 10) async throws -> [String] {
        try await index.search(query, count: count).map { String($0.url.dropFirst("local://docs/".count)) }
    }
}
