internal import CLinux
internal import Glibc
public import LinuxSystem

/// Files that this process can reach and not every user can.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public enum PrivateFiles: Sendable {
    /// A path, and whether a directory is there.
    public struct Place: Equatable, Sendable {
        /// Absolute.
        public let path: String
        /// Whether it is a directory; what is in it is not listed.
        public let isDirectory: Bool
    }

    /// What is below `root`, on any file system, and may be read or entered by this process but not by every user.
    ///
    /// It is this process's by its user, one of its groups or an access list. Throws `E2BIG` beyond `max` places.
    public static func below(_ root: String, max: Int) throws(SystemError) -> [Place] {
        var paths: [UnsafeMutablePointer<CChar>?] = unsafe [strdup(root), nil]
        defer { unsafe free(paths[0]) }
        guard let walk = unsafe fts_open(&paths, FTS_PHYSICAL | FTS_NOCHDIR, nil) else {
            throw SystemError("fts_open \(root)", code: errno)
        }
        defer { unsafe fts_close(walk) }
        var places: [Place] = []
        while let entry = unsafe fts_read(walk) {
            let kind = CInt(unsafe entry.pointee.fts_info)
            let isDirectory = kind == FTS_D || kind == FTS_DNR
            guard isDirectory || kind == FTS_F, let about = unsafe entry.pointee.fts_statp else { continue }
            let allUsers: mode_t = isDirectory ? 0o5 : 0o4
            guard unsafe about.pointee.st_mode & allUsers != allUsers else { continue }
            let path = unsafe String(cString: entry.pointee.fts_path)
            if isDirectory { unsafe fts_set(walk, entry, FTS_SKIP) }
            guard isReachable(path, isDirectory: isDirectory) else { continue }
            guard places.count < max else { throw SystemError("private files below \(root)", code: E2BIG) }
            places.append(Place(path: path, isDirectory: isDirectory))
        }
        return places
    }

    private static func isReachable(_ path: String, isDirectory: Bool) -> Bool {
        let rights = isDirectory ? [R_OK, X_OK] : [R_OK]
        return rights.contains { unsafe faccessat(AT_FDCWD, path, $0, AT_EACCESS) == 0 }
    }
}
