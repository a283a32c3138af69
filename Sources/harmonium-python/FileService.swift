import Glibc
import LinuxSystem
import SandboxProtocol

/// Answers what the daemon asks about a session's files, piece by piece, from inside the session.
struct FileService: ~Copyable {
    private let owner: UInt32
    /// The file that is being read, and how much of it may still be.
    private var reading: Descriptor?
    private var readableBytes: UInt64 = 0

    private static let chunkBytes = 1 << 16
    private static let depthMax = 16

    /// Files that are written will belong to `owner`.
    init(owner: UInt32) {
        self.owner = owner
    }

    /// Whether there is more to read, and so something to send.
    var isReading: Bool {
        switch reading {
        case .some: true
        case .none: false
        }
    }

    /// Begins to carry out a request, and gives what can be answered at once.
    mutating func begin(_ request: FileRequest) -> [FileEvent] {
        do throws(SystemError) {
            let directory = try HostileDirectory(Confinement.dataDirectory)
            switch request {
            case .list:
                let entries = try directory.list(entriesMax: FileRequest.listedMax, depthMax: FileService.depthMax)
                return entries.map { .entry(path: $0.path, bytes: $0.bytes) } + [.ended(errno: 0)]
            case .read(let path):
                let file = try directory.openFile(path)
                readableBytes = FileRequest.readBytesMax
                guard try HostileDirectory.size(of: file) <= readableBytes else { return [.ended(errno: EFBIG)] }
                reading = consume file
                return []
            case .write(let path, let content):
                try directory.writeFile(path, content, owner: owner)
                return [.ended(errno: 0)]
            }
        } catch {
            return [.ended(errno: error.code)]
        }
    }

    /// The next answer of a request that reads; it is over with ``FileEvent/ended(errno:)``.
    mutating func next() -> FileEvent {
        do throws(SystemError) {
            let bytes = try readPiece()
            // The file may grow while it is read.
            guard UInt64(bytes.count) <= readableBytes else { return end(EFBIG) }
            readableBytes -= UInt64(bytes.count)
            return bytes.isEmpty ? end(0) : .content(bytes)
        } catch {
            return end(error.code)
        }
    }

    private func readPiece() throws(SystemError) -> [UInt8] {
        switch reading {
        case .some(let file): try file.read(upTo: FileService.chunkBytes) ?? []
        case .none: []
        }
    }

    private mutating func end(_ code: CInt) -> FileEvent {
        reading = nil
        return .ended(errno: code)
    }
}
