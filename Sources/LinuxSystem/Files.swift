internal import Glibc

/// Small files that the kernel or the system keeps.
///
/// - Throws: `SystemError`, the call that failed and its `errno`, from each function that throws.
public enum Files: Sendable {
    /// All of a file.
    ///
    /// - Throws: `EFBIG` if it has more than `bytesMax` bytes.
    public static func read(_ path: String, bytesMax: Int = 1 << 20) throws(SystemError) -> [UInt8] {
        try read(from: try Descriptor.open(path, flags: O_RDONLY), path, bytesMax: bytesMax)
    }

    /// All of a file that untrusted code may have put there, as text; ill-formed UTF-8 is repaired. Never waits.
    ///
    /// - Throws: `EINVAL` for anything else than a regular file, `EFBIG` if it has more than `bytesMax` bytes.
    public static func readRegularText(_ path: String, bytesMax: Int = 1 << 20) throws(SystemError) -> String {
        // Without O_NONBLOCK, opening a pipe waits for a writer.
        let file = try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        _ = try HostileDirectory.size(of: file)
        return String(decoding: try read(from: file, path, bytesMax: bytesMax), as: UTF8.self)
    }

    private static func read(
        from file: borrowing Descriptor,
        _ path: String,
        bytesMax: Int
    ) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try file.read(upTo: 1 << 16), !chunk.isEmpty {
            bytes += chunk
            guard bytes.count <= bytesMax else { throw SystemError("read \(path)", code: EFBIG) }
        }
        return bytes
    }

    /// All of a file as text; ill-formed UTF-8 is repaired.
    public static func readText(_ path: String) throws(SystemError) -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    /// Writes `bytes` in one call, as the files under `/proc` and of control groups want it.
    public static func write(_ text: String, to path: String) throws(SystemError) {
        let file = try Descriptor.open(path, flags: O_WRONLY)
        do throws(SystemError) {
            _ = try file.write(Array(text.utf8)[...])
        } catch {
            throw SystemError("write \(path)", code: error.code)
        }
    }

    /// Makes a file with these bytes, which must not exist; by default every user may read it.
    public static func create(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644) throws(SystemError) {
        let file = try Descriptor.open(path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        try file.writeAll(bytes)
    }

    /// Makes a directory.
    public static func makeDirectory(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        try checkErrno("mkdir \(path)", unsafe mkdir(path, mode))
    }

    /// Sets the permissions of a file or directory, whatever the mask that new ones get.
    public static func setMode(_ path: String, _ mode: UInt32) throws(SystemError) {
        try checkErrno("chmod \(path)", unsafe chmod(path, mode))
    }

    /// Makes a directory that only this user may enter; its path is `prefix` and six random characters.
    public static func makePrivateDirectory(_ prefix: String) throws(SystemError) -> String {
        var path = Array("\(prefix)XXXXXX".utf8CString)
        guard unsafe mkdtemp(&path) != nil else { throw SystemError("mkdtemp \(prefix)", code: errno) }
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a file or a link.
    public static func remove(_ path: String) throws(SystemError) {
        try checkErrno("unlink \(path)", unsafe unlinkat(AT_FDCWD, path, 0))
    }

    /// Removes an empty directory; for a control group, one without processes.
    public static func removeDirectory(_ path: String) throws(SystemError) {
        try checkErrno("rmdir \(path)", unsafe rmdir(path))
    }

    /// Makes a symbolic link.
    public static func makeLink(_ path: String, to target: String) throws(SystemError) {
        try checkErrno("symlink \(path)", unsafe symlink(target, path))
    }

    /// Where a symbolic link points; nil if there is no link at `path`.
    public static func linkTarget(_ path: String) -> String? {
        var length = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, filled in
            length = unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                unsafe text.baseAddress.map { unsafe readlink(path, $0, text.count) } ?? -1
            }
            filled = max(length, 0)
        }
        return length < 0 ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// What stands at a path, followed through links.
    public static func kind(_ path: String) -> Kind? {
        var about = stat()
        guard unsafe stat(path, &about) == 0 else { return nil }
        return about.st_mode & S_IFMT == S_IFDIR ? .directory : .file
    }

    /// The permissions of what stands at a path, itself where it is a link: 12 bits; nil if nothing is there.
    public static func permissions(_ path: String) -> UInt32? {
        var about = stat()
        return unsafe lstat(path, &about) == 0 ? about.st_mode & 0o7777 : nil
    }

    /// Whether every user may read the file, or read and enter the directory.
    public static func isPublic(_ path: String) -> Bool {
        let rights: UInt32 = kind(path) == .directory ? 0o5 : 0o4
        return permissions(path).map { $0 & rights == rights } ?? false
    }

    /// Whether a path names something that is no directory; a link is no directory, wherever it leads.
    public static func isLinkOrFile(_ path: String) -> Bool {
        var about = stat()
        return unsafe lstat(path, &about) == 0 && about.st_mode & S_IFMT != S_IFDIR
    }

    /// What a path can name.
    public enum Kind: Sendable {
        case directory
        case file
    }

    /// Whether this process may run the file.
    public static func isExecutable(_ path: String) -> Bool { unsafe faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 }

    /// Whether this process may write at `path`, by its user or its capabilities.
    public static func isWritable(_ path: String) -> Bool { unsafe faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 }

    /// The names in a directory; empty if it cannot be read.
    public static func names(in path: String) -> [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
