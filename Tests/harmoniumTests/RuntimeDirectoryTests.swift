import Foundation
import TestSupport
import Testing

@testable import harmonium

@Suite(.bounded) struct RuntimeDirectoryTests {
    private let parent = FileManager.default.temporaryDirectory.appending(path: "runtime-\(UUID())").path

    @Test func `a directory that a process holds stays, and one that none holds goes`() throws {
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let left = "\(parent)/harmonium-\(getuid())-\(getpid())"
        let other = "\(parent)/other-\(getuid())-1"
        for path in [left, other] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
        let first = try RuntimeDirectory(in: parent)
        let second = try RuntimeDirectory(in: parent)
        #expect(first.path != second.path)
        let kept = [first.path, second.path, other]
        #expect(kept.allSatisfy { FileManager.default.fileExists(atPath: $0) })
        #expect(!FileManager.default.fileExists(atPath: left))
        let mode = try FileManager.default.attributesOfItem(atPath: first.path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }
}
