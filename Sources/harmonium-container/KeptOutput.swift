import Glibc
import LinuxSystem
import SandboxWorker

/// All that a command writes, in a file of the session, once it is more than its call shows.
///
/// The file is the session's own: its commands may read, change or delete it.
final class KeptOutput {
    private enum State {
        /// So much was written that the call shows it.
        case short([UInt8])
        case file(OutputFile)
        /// There was no room, or no place.
        case given
    }

    private let beyondBytes: Int
    /// Where the file is, or would be.
    let path: String
    private var state = State.short([])

    /// What is left for the processes of the session when a file is written, in bytes.
    private static let memoryReserve: UInt64 = 16 << 20

    /// Begins a file at `path`, where there must be none, once more than `beyondBytes` are written.
    init(at path: String, beyondBytes: Int) {
        self.path = path
        self.beyondBytes = beyondBytes
    }

    /// Whether there is a file that has all of it.
    var isWhole: Bool { if case .file = state { true } else { false } }

    /// Adds what was written; `memoryLeft` is what the session may still take, nil where that is not bounded.
    func append(_ bytes: [UInt8], memoryLeft: UInt64?) {
        do throws(SystemError) {
            switch state {
            case .short(let before):
                let all = before + bytes
                state = all.count <= beyondBytes ? .short(all) : .file(try OutputFile(at: path))
                if case .file(let file) = state { try write(all, to: file, memoryLeft) }
            case .file(let file): try write(bytes, to: file, memoryLeft)
            case .given: break
            }
        } catch {
            // A part would pass for the whole.
            if isWhole { try? Files.remove(path) }
            state = .given
        }
    }

    private func write(_ bytes: [UInt8], to file: OutputFile, _ memoryLeft: UInt64?) throws(SystemError) {
        if let memoryLeft, memoryLeft < UInt64(bytes.count) + KeptOutput.memoryReserve {
            throw SystemError("write \(path)", code: ENOSPC)
        }
        try file.write(bytes)
    }
}

/// Holds a descriptor, so that it can be let go of.
private final class OutputFile {
    private let descriptor: Descriptor

    init(at path: String) throws(SystemError) {
        descriptor = try Descriptor.open(path, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644)
    }

    func write(_ bytes: [UInt8]) throws(SystemError) { try descriptor.writeAll(bytes) }
}
