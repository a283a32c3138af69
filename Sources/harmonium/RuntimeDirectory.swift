internal import Foundation

/// A private directory for sockets, as long as this process lives.
struct RuntimeDirectory: Sendable {
    /// Where it is; only this user may enter it.
    let path: String

    /// Makes it, and removes those that processes of this user left which are gone.
    init() throws {
        let parent = ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? NSTemporaryDirectory()
        let prefix = "harmonium-\(getuid())-"
        RuntimeDirectory.removeLeftovers(in: parent, prefix: prefix)
        path = URL(fileURLWithPath: parent).appendingPathComponent("\(prefix)\(getpid())").path
        do {
            // Fails if it exists: somebody else's directory is never ours.
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw SettingsError(
                "\(path): cannot be made for sockets (\(error.localizedDescription)); set XDG_RUNTIME_DIR"
            )
        }
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
            guard let pid = pid_t(name.dropFirst(prefix.count)), kill(pid, 0) != 0, errno == ESRCH else { continue }
            let path = "\(parent)/\(name)"
            let owner = (try? FileManager.default.attributesOfItem(atPath: path))?[.ownerAccountID] as? UInt32
            if owner == getuid() { try? FileManager.default.removeItem(atPath: path) }
        }
    }
}
