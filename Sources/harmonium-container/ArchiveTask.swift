import Glibc
import LinuxSystem
import SandboxProtocol
import SandboxWorker

/// What a command's process does that moves the session's files instead of running a program.
enum ArchiveTask {
    /// Writes what the session has changed of these to standard output.
    case save([MachineTree])
    /// Makes what standard input has, and writes how many bytes that were to standard output, as a `UInt64`.
    case restore

    /// The descriptors that it needs beside the standard ones.
    var numbers: [CInt] {
        switch self {
        case .save(let trees): trees.map { $0.reader.number }
        case .restore: []
        }
    }

    func run() throws(SystemError) {
        switch self {
        case .save(let trees):
            var writer = ArchiveWriter(to: Descriptor(owning: STDOUT_FILENO))
            try writer.write(trees)
        case .restore:
            var reader = ArchiveReader(from: Descriptor(owning: STDIN_FILENO))
            try reader.restore()
            var count: [UInt8] = []
            count.appendLittleEndian(reader.bytes)
            try Descriptor(owning: STDOUT_FILENO).writeAll(count)
        }
    }
}
