internal import Glibc
internal import LinuxSystem
internal import SandboxProtocol

/// Answers what the daemon asks about a session's files, from inside the session.
///
/// Each answer is whole and bounded, and nothing is kept for the next: a client that reads a file slowly holds up nothing
/// here.
package struct FileService {
    /// The user that owns the files that are written, as the session numbers it.
    private let owner: UInt32

    private static let chunkBytes = 1 << 16
    private static let depthMax = 16

    /// Left free where a file is written, for what the session's processes need meanwhile.
    private static let memoryReserve: UInt64 = 16 << 20

    /// Serves the data directory of this process's root; `owner` owns what is written.
    init(owner: UInt32) {
        self.owner = owner
    }

    /// Carries out a request; `memoryLeft` is what the session may still take, in bytes, nil where only the file systems
    /// bound files.
    func answer(_ request: FileRequest, memoryLeft: UInt64?) -> [FileEvent] {
        do throws(SystemError) {
            let directory = try HostileDirectory(SessionRoot.dataDirectory)
            switch request {
            case .list:
                let entries = try directory.list(entriesMax: FileRequest.listedMax, depthMax: FileService.depthMax)
                return entries.map { .entry(path: $0.path, bytes: $0.bytes) } + [.ended(errno: 0)]
            case .read(let path, let position):
                return [try FileService.chunk(of: directory.openFile(path), from: position)]
            case .write(let path, let content):
                // Without this check the kernel would make room by killing a process of the session.
                let needed = UInt64(content.count) + FileService.memoryReserve
                if let memoryLeft, memoryLeft < needed { throw SystemError("write", code: ENOSPC) }
                try directory.writeFile(path, content, owner: owner)
                return [.ended(errno: 0)]
            case .delete(let path):
                try directory.deleteFile(path)
                return [.ended(errno: 0)]
            case .reopen: return [.ended(errno: 0)]
            }
        } catch {
            return [.ended(errno: error.code)]
        }
    }

    private static func chunk(
        of file: borrowing Descriptor,
        from position: FilePosition
    ) throws(SystemError) -> FileEvent {
        let size = try HostileDirectory.size(of: file)
        let number = try HostileDirectory.number(of: file)
        // A file that has taken the name since must not pass for the rest of the one before.
        guard position.file == 0 || position.file == number else { throw SystemError("read", code: ESTALE) }
        guard size <= FileRequest.readBytesMax else { throw SystemError("read", code: EFBIG) }
        try file.seek(to: position.offset)
        let bytes = try file.read(upTo: chunkBytes) ?? []
        let end = position.offset + UInt64(bytes.count)
        // It may grow while it is read; then the chunks go on to its new end.
        let isLast = bytes.isEmpty || end >= size
        return .content(bytes, next: isLast ? nil : FilePosition(offset: end, file: number))
    }
}
