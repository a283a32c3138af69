internal import Foundation
internal import LinuxSystem

/// Where the local index is, unless `browser.index` names a file.
enum IndexPlace {
    /// The place of a server that root has started, which continues as a user without a home. Source: systemd.exec(5),
    /// `StateDirectory=`.
    private static var shared: String {
        ProcessInfo.processInfo.environment["STATE_DIRECTORY"] ?? "/var/lib/harmonium"
    }

    /// As root, makes the shared place for `user`, who alone writes there; nothing of it is root's to touch.
    static func share(with user: SystemUser) throws {
        let files = FileManager.default
        let owner: [FileAttributeKey: Any] = [.ownerAccountID: user.id, .groupOwnerAccountID: user.group]
        if let found = try? files.attributesOfItem(atPath: shared) {
            // As systemd makes it. A directory that has an owner keeps it.
            guard found[.ownerAccountID] as? UInt32 == 0, found[.type] as? FileAttributeType == .typeDirectory else {
                return
            }
            return try files.setAttributes(owner, ofItemAtPath: shared)
        }
        let attributes = owner.merging([.posixPermissions: 0o750]) { _, new in new }
        try files.createDirectory(atPath: shared, withIntermediateDirectories: true, attributes: attributes)
    }

    /// The usual file for this process's user; nil where none can be written.
    static var usual: String? {
        let environment = ProcessInfo.processInfo.environment
        if ThisProcess.user == 0 || environment["STATE_DIRECTORY"] != nil { return writable(in: shared) }
        let own = environment["XDG_DATA_HOME"] ?? environment["HOME"].map { "\($0)/.local/share" }
        return own.flatMap { writable(in: "\($0)/harmonium") } ?? writable(in: shared)
    }

    private static func file(in folder: String) -> String { "\(folder)/index.sqlite" }

    /// The file in `folder`, if that can be written, or be made.
    private static func writable(in folder: String) -> String? {
        var place = folder
        while !FileManager.default.fileExists(atPath: place), place.count > 1 {
            place = URL(filePath: place).deletingLastPathComponent().path
        }
        // Asked as the user that this is: a capability that the sandbox needs would open root's home too.
        return FileManager.default.isWritableFile(atPath: place) ? file(in: folder) : nil
    }
}
