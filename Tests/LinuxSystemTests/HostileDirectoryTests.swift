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
}
