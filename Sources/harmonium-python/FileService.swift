import Glibc
import LinuxSystem
import SandboxProtocol

/// Answers what the daemon asks about a session's files, from inside the session.
///
/// Each answer is whole and bounded, and nothing is kept for the next: whoever reads a file slowly holds up nothing here.
struct FileService {
    /// Whose the files are that are written.
    let owner: UInt32

    private static let pieceBytes = 1 << 16
    private static let depthMax = 16

    /// Carries out a request.
    func answer(_ request: FileRequest) -> [FileEvent] {
        do throws(SystemError) {
            let directory = try HostileDirectory(Confinement.dataDirectory)
            switch request {
            case .list:
                let entries = try directory.list(entriesMax: FileRequest.listedMax, depthMax: FileService.depthMax)
                return entries.map { .entry(path: $0.path, bytes: $0.bytes) } + [.ended(errno: 0)]
            case .read(let path, let position):
                return [try FileService.piece(of: directory.openFile(path), from: position)]
            case .write(let path, let content):
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
