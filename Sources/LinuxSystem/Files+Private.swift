internal import CLinux
internal import Glibc

/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
extension Files {
    /// Makes a directory, with those that it is in, that only this user may enter. One that is there is closed to others.
    ///
    /// Throws `EPERM` for another user's, and `ENOTDIR` for what is no directory.
    public static func makePrivate(_ path: String) throws(SystemError) {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex, kind(String(path[..<slash])) == nil {
            try makeParents(String(path[..<slash]))
        }
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST { throw SystemError("mkdir \(path)", code: errno) }
        let directory = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
        var about = stat()
        try checkErrno("fstat \(path)", unsafe fstat(directory.number, &about))
        guard about.st_uid == geteuid() else { throw SystemError("\(path) of another user", code: EPERM) }
        try checkErrno("fchmod \(path)", fchmod(directory.number, 0o700))
    }

    private static func makeParents(_ path: String) throws(SystemError) {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex, kind(String(path[..<slash])) == nil {
            try makeParents(String(path[..<slash]))
        }
        try makeDirectory(path)
    }

    /// Makes a file that only this user may read, to be written.
    public static func openNew(_ path: String) throws(SystemError) -> Descriptor {
        try Descriptor.open(path, flags: O_WRONLY | O_CREAT | O_EXCL)
    }

    /// Gives a file or directory another name, which is not taken.
    public static func rename(_ path: String, toNew name: String) throws(SystemError) {
        try check("rename \(path)", unsafe clinux_rename_new(path, name))
    }

    /// Lets two files or directories exchange their names.
    public static func exchange(_ first: String, _ second: String) throws(SystemError) {
        try check("exchange \(first)", unsafe clinux_exchange(first, second))
    }
}
