internal import Foundation
internal import LinuxSystem

/// A private directory for sockets, as long as this process lives.
struct RuntimeDirectory: Sendable {
    /// Where it is; only this user may enter it.
    let path: String
    /// How other daemons know that it is in use.
    private let lock: FileLock

    /// Makes it, under a name that others cannot foresee, and removes those of this user that no process holds.
    init(in parent: String = usualParent) throws {
        let prefix = "harmonium-\(getuid())-"
        RuntimeDirectory.removeLeftovers(in: parent, prefix: prefix)
        do {
            (path, lock) = try RuntimeDirectory.make(in: parent, prefix: prefix)
        } catch {
            throw SettingsError("\(parent): no directory for sockets can be made there (\(error)); set XDG_RUNTIME_DIR")
        }
    }

    private static var usualParent: String {
        ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? NSTemporaryDirectory()
    }

    private static func make(in parent: String, prefix: String) throws(SystemError) -> (String, FileLock) {
        for _ in 0..<16 {
            let path = try Files.makePrivateDirectory("\(parent)/\(prefix)")
            // Another daemon may have taken it for a leftover before it was locked.
            if let lock = FileLock(onDirectory: path) { return (path, lock) }
        }
        throw SystemError("lock a directory", code: EAGAIN)
    }

    /// Makes a directory in it and gives its path.
    func makeDirectory(_ name: String) throws -> String {
        let directory = "\(path)/\(name)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        return directory
    }

    /// Removes it with all it holds.
    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private static func removeLeftovers(in parent: String, prefix: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let path = "\(parent)/\(name)"
            guard let lock = FileLock(onDirectory: path) else { continue }
            let owner = (try? FileManager.default.attributesOfItem(atPath: path))?[.ownerAccountID] as? UInt32
            if owner == getuid() { try? FileManager.default.removeItem(atPath: path) }
            withExtendedLifetime(lock) {}
        }
    }
}
