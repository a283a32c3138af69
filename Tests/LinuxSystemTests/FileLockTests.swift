import Foundation
import LinuxSystem
import TestSupport
import Testing

@Suite(.bounded) struct FileLockTests {
    @Test func `a directory is one's own until the lock goes`() throws {
        let directory = try TemporaryDirectory()
        var first = FileLock(onDirectory: directory.path)
        #expect(first != nil)
        #expect(FileLock(onDirectory: directory.path) == nil)
        withExtendedLifetime(first) {}
        first = nil
        #expect(FileLock(onDirectory: directory.path) != nil)
    }

    @Test func `what is no directory, or is a link to one, is not locked`() throws {
        let directory = try TemporaryDirectory()
        try Files.create("\(directory.path)/file", [])
        try Files.makeLink("\(directory.path)/link", to: directory.path)
        for name in ["file", "link", "none"] { #expect(FileLock(onDirectory: "\(directory.path)/\(name)") == nil) }
    }

    @Test func `where a lock is shared no process gets one for itself`() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/file"
        try Files.create(path, [])
        func isFree() throws -> Bool {
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            return flock(file.fileDescriptor, LOCK_EX | LOCK_NB) == 0 && lockf(file.fileDescriptor, F_TLOCK, 0) == 0
        }
        #expect(try isFree())
        let lock = try FileLock(sharing: path)
        #expect(try !isFree())
        let other = try FileLock(sharing: path)
        withExtendedLifetime((lock, other)) {}
    }
}
