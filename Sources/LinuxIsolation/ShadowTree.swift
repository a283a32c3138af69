internal import CLinux
internal import Glibc
public import LinuxSystem

/// A tree that lies on another in an overlay: it hides what not every user may read, and can own the directories.
public enum ShadowTree: Sendable {
    /// Makes in the directory `target` what lies on `source`: whiteouts for directories and files that not every user may
    /// read, and with `ownsDirectories` each other directory, with the same permissions and this process's user.
    ///
    /// What is in `target` already stays. Links and files stay those of `source`.
    ///
    /// - Throws: `SystemError`, the call that failed and its `errno`.
    public static func make(of source: String, at target: String, ownsDirectories: Bool) throws(SystemError) {
        var paths: [UnsafeMutablePointer<CChar>?] = unsafe [strdup(source), nil]
        defer { unsafe free(paths[0]) }
        guard let walk = unsafe fts_open(&paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nil) else {
            throw SystemError("fts_open \(source)", code: errno)
        }
        defer { unsafe fts_close(walk) }
        while let entry = unsafe fts_read(walk) {
            let kind = CInt(unsafe entry.pointee.fts_info)
            let isDirectory = kind == FTS_D || kind == FTS_DNR
            guard isDirectory || kind == FTS_F, unsafe entry.pointee.fts_level > 0,
                let about = unsafe entry.pointee.fts_statp
            else { continue }
            let mode = unsafe about.pointee.st_mode
            let allUsers: mode_t = isDirectory ? 0o5 : 0o4
            let isPrivate = mode & allUsers != allUsers
            guard isPrivate || isDirectory && ownsDirectories else { continue }
            let path = unsafe String(cString: entry.pointee.fts_path).dropFirst(source.utf8.count + 1)
            if isPrivate && isDirectory { unsafe fts_set(walk, entry, FTS_SKIP) }
            try makeDirectories(above: path, of: source, at: target)
            let place = "\(target)/\(path)"
            try unlessThere { () throws(SystemError) in
                if isPrivate { try Mounts.makeWhiteout(place) } else { try makeDirectory(place, like: mode) }
            }
        }
    }

    private static func makeDirectories(
        above path: Substring,
        of source: String,
        at target: String
    ) throws(SystemError) {
        guard let slash = path.lastIndex(of: "/") else { return }
        let parent = path[..<slash]
        guard Files.kind("\(target)/\(parent)") == nil else { return }
        try makeDirectories(above: parent, of: source, at: target)
        try makeDirectory("\(target)/\(parent)", like: Files.permissions("\(source)/\(parent)") ?? 0o755)
    }

    private static func makeDirectory(_ path: String, like mode: mode_t) throws(SystemError) {
        try Files.makeDirectory(path)
        try Files.setMode(path, mode & 0o7777)
    }

    private static func unlessThere(_ make: () throws(SystemError) -> Void) throws(SystemError) {
        do throws(SystemError) {
            try make()
        } catch {
            guard error.code == EEXIST else { throw error }
        }
    }
}
