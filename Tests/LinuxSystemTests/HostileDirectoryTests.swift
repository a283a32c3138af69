import Foundation
import LinuxSystem
import TestSupport
import Testing

@Suite(.bounded) struct HostileDirectoryTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()

    @Test func `a list has the size and the time of each file, and no links`() throws {
        try FileManager.default.createDirectory(atPath: "\(path)/sub/.git", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        for name in ["a", ".b", "sub/c", "sub/.git/d"] {
            try Data(name.utf8).write(to: URL(filePath: "\(path)/\(name)"))
        }
        let date = Date(timeIntervalSince1970: 1_234_567.5)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(path)/sub/c")
        try FileManager.default.createSymbolicLink(atPath: "\(path)/link", withDestinationPath: "a")
        try FileManager.default.createSymbolicLink(atPath: "\(path)/folder", withDestinationPath: "sub")

        let directory = try HostileDirectory(path)
        let all = try directory.list(entriesMax: 10, depthMax: 3)
        #expect(all.map { String(decoding: $0.path, as: UTF8.self) } == [".b", "a", "sub/c", "sub/.git/d"])
        #expect(all.map(\.bytes) == [2, 1, 5, 10])
        #expect(all[2].modified == 1_234_567_500_000_000)

        let shown = try directory.list(entriesMax: 10, depthMax: 3, includingHidden: false)
        #expect(shown.map { String(decoding: $0.path, as: UTF8.self) } == ["a", "sub/c"])
        #expect(throws: SystemError.self) { _ = try directory.openFile(Array("link".utf8)) }
        #expect(throws: SystemError.self) { _ = try directory.openFile(Array("../a".utf8)) }
    }

    @Test func `a file or a link is deleted, but no directory, and nothing through a link or above`() throws {
        for folder in ["in/sub", "out"] {
            try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(atPath: path) }
        for name in ["in/a", "in/sub/b", "out/c"] { try Data(name.utf8).write(to: URL(filePath: "\(path)/\(name)")) }
        for (link, target) in [("in/file", "../out/c"), ("in/folder", "../out")] {
            try FileManager.default.createSymbolicLink(atPath: "\(path)/\(link)", withDestinationPath: target)
        }
        let directory = try HostileDirectory("\(path)/in")
        for name in ["a", "sub/b", "file"] { try directory.deleteFile(Array(name.utf8)) }
        for name in ["", "a", "sub", "folder/c", "../out/c", "a\0", "/"] {
            #expect(throws: SystemError.self, "\(name)") { try directory.deleteFile(Array(name.utf8)) }
        }
        let left = try HostileDirectory(path).list(entriesMax: 10, depthMax: 3)
        #expect(left.map { String(decoding: $0.path, as: UTF8.self) } == ["out/c"])
        #expect(FileManager.default.fileExists(atPath: "\(path)/in/sub"))
    }
}
