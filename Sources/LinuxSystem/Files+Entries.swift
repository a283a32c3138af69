internal import CLinux
internal import Glibc

extension Files {
    /// The names in an open directory, without `.` and `..`, as bytes: a name need not be text.
    static func entryNames(in directory: borrowing Descriptor) throws(SystemError) -> [[UInt8]] {
        // The stream gets a descriptor of its own, which it closes.
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let number = try check(
            "open",
            unsafe clinux_open_beneath(directory.number, [UInt8(ascii: ".")].cText, flags, 0)
        )
        guard let stream = unsafe fdopendir(number) else {
            let code = errno
            _ = close(number)
            throw SystemError("fdopendir", code: code)
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
        }
        return names
    }
}

extension [UInt8] {
    /// The bytes as C reads a text.
    var cText: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}
