import Glibc
import LinuxSystem
import SandboxProtocol

/// Answers what the daemon asks about a session's files, from inside the session.
///
/// Each answer is whole and bounded, and nothing is kept for the next: a client that reads a file slowly holds up nothing here.
struct FileService {
    /// Whose the files are that are written.
    let owner: UInt32

    private static let pieceBytes = 1 << 16
    private static let depthMax = 16

    /// Left free where a file is written, for what the session's processes need meanwhile.
    private static let memoryReserve: UInt64 = 16 << 20

    /// Carries out a request; `memoryLeft` is what the session may still hold, nil where files alone are bounded.
    func answer(_ request: FileRequest, memoryLeft: UInt64?) -> [FileEvent] {
        do throws(SystemError) {
            let directory = try HostileDirectory(Confinement.dataDirectory)
            switch request {
            case .list:
                let entries = try directory.list(entriesMax: FileRequest.listedMax, depthMax: FileService.depthMax)
                return entries.map { .entry(path: $0.path, bytes: $0.bytes) } + [.ended(errno: 0)]
            case .read(let path, let position):
                return [try FileService.piece(of: directory.openFile(path), from: position)]
            case .write(let path, let content):
                // Otherwise the kernel would make room by killing the interpreter.
                let needed = UInt64(content.count) + FileService.memoryReserve
                if let memoryLeft, memoryLeft < needed { throw SystemError("write", code: ENOSPC) }
                try directory.writeFile(path, content, owner: owner)
                return [.ended(errno: 0)]
            }
        } catch {
            return [.ended(errno: error.code)]
        }
    }

    private static func piece(
        of file: borrowing Descriptor,
        from position: FilePosition
    ) throws(SystemError) -> FileEvent {
        let size = try HostileDirectory.size(of: file)
        let number = try HostileDirectory.number(of: file)
        // A file that has taken the name since must not be taken for the rest of the one before.
        guard position.file == 0 || position.file == number else { throw SystemError("read", code: ESTALE) }
        guard size <= FileRequest.readBytesMax else { throw SystemError("read", code: EFBIG) }
        try file.seek(to: position.offset)
        let bytes = try file.read(upTo: pieceBytes) ?? []
        let end = position.offset + UInt64(bytes.count)
        // It may grow while it is read, and then is read on.
        let isLast = bytes.isEmpty || end >= size
        return .content(bytes, next: isLast ? nil : FilePosition(offset: end, file: number))
    }
}
