internal import Glibc

/// A file of words that is mapped into memory, read-only, and shared with every process that maps it.
///
/// The one place of this module that handles addresses; a reader gets a span, which checks every offset. The file
/// must not be changed while it is mapped: it is replaced by renaming another one over it, as `write` does.
final class MappedFile: Sendable {
    /// A mapping of `byteCount` bytes that begins here and belongs to this object alone.
    private let address: UInt
    private let byteCount: Int

    /// Maps a file of whole words and at most `bytesMax` bytes.
    init(_ path: String, bytesMax: Int) throws(TokenizerError) {
        let file = try Self.check(path, unsafe open(path, O_RDONLY | O_CLOEXEC))
        defer { close(file) }
        var status = stat()
        try Self.check(path, unsafe fstat(file, &status))
        byteCount = Int(status.st_size)
        guard status.st_mode & S_IFMT == S_IFREG, byteCount > 0, byteCount <= bytesMax, byteCount % 4 == 0 else {
            throw TokenizerError(.invalidFile, "\(path): a file of \(byteCount) bytes is no vocabulary")
        }
        let mapping = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, file, 0)
        guard unsafe mapping != MAP_FAILED else { throw Self.failure(path) }
        address = UInt(bitPattern: mapping)
    }

    deinit {
        unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), byteCount)
    }

    /// Lends the words.
    @inline(__always)
    func withWords<Result, Failure: Error>(
        _ body: (Span<UInt32>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let words = unsafe UnsafeBufferPointer(start: UnsafePointer<UInt32>(bitPattern: address), count: byteCount / 4)
        let result = try unsafe body(words.span)
        // The mapping goes with this object, which the span does not know.
        withExtendedLifetime(self) {}
        return result
    }

    /// Writes a file that is there whole or not at all, whatever else reads, writes or fails meanwhile; all may read it.
    static func write(_ words: [UInt32], to path: String) throws(TokenizerError) {
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0 ... .max))"
        let file = try check(temporary, unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644))
        do throws(TokenizerError) {
            defer { close(file) }
            try writeAll(words, to: file, path: temporary)
            try check(temporary, fsync(file))
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        guard unsafe rename(temporary, path) == 0 else {
            let failure = failure(path)
            unsafe unlink(temporary)
            throw failure
        }
    }

    private static func writeAll(_ words: [UInt32], to file: CInt, path: String) throws(TokenizerError) {
        var written = 0
        let byteCount = words.count * 4
        while written < byteCount {
            let count = unsafe words.withUnsafeBytes { bytes in
                unsafe Glibc.write(file, bytes.baseAddress.map { unsafe $0 + written }, byteCount - written)
            }
            if count < 0, errno == EINTR { continue }
            try check(path, CInt(clamping: count))
            written += count
        }
    }

    @discardableResult
    private static func check(_ path: String, _ result: CInt) throws(TokenizerError) -> CInt {
        guard result >= 0 else { throw failure(path) }
        return result
    }

    /// What `errno` says of `path`.
    private static func failure(_ path: String) -> TokenizerError {
        let words = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
        return TokenizerError(.fileFailed, "\(path): \(words)")
    }
}
