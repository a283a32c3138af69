import Glibc
import LinuxSystem
import SandboxProtocol
import SandboxWorker

/// The files that a session has changed, as a stream of bytes from one session to another.
///
/// A record is its kind as one byte, its header's length as `UInt32`, the header, and for a file its content. A header is the
/// mode, the owner and the group as `UInt32`, the time as `Int64`, the size as `UInt64`, the path's length as `UInt32`, the
/// path, and what a link leads to. Numbers are little-endian, and owners are those inside of the session.
enum FileArchive {
    enum Kind: UInt8 {
        /// The tree at the header's path begins; the paths that follow are within it.
        case tree = 1
        case directory = 2
        /// A directory in which nothing is but what follows.
        case newDirectory = 3
        case file = 4
        case link = 5
        case pipe = 6
        /// Nothing is there any more.
        case nothing = 7
        /// Another name of the file at the path that the link leads to.
        case name = 8
        /// The archive is whole.
        case end = 9
    }

    /// What stands before a file's content.
    struct Header: Equatable {
        var attributes = ConfinedTree.Attributes(mode: 0o755, owner: 0, group: 0, modified: 0)
        var bytes: UInt64 = 0
        var path: [UInt8] = []
        var target: [UInt8] = []
    }

    /// What is moved at once, in bytes.
    static let pieceBytes = 1 << 18
}

extension FileArchive.Header {
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64 + path.count + target.count)
        for number in [attributes.mode, attributes.owner, attributes.group] { bytes.appendLittleEndian(number) }
        bytes.appendLittleEndian(UInt64(bitPattern: attributes.modified))
        bytes.appendLittleEndian(self.bytes)
        bytes.appendLittleEndian(UInt32(path.count))
        return bytes + path + target
    }

    /// Nil if it is not one.
    init?(encoded bytes: [UInt8]) {
        guard bytes.count >= 32 else { return nil }
        let pathCount = Int(bytes.littleEndian(UInt32.self, at: 28))
        guard bytes.count - 32 >= pathCount else { return nil }
        attributes = ConfinedTree.Attributes(
            mode: bytes.littleEndian(UInt32.self, at: 0),
            owner: bytes.littleEndian(UInt32.self, at: 4),
            group: bytes.littleEndian(UInt32.self, at: 8),
            modified: Int64(bitPattern: bytes.littleEndian(UInt64.self, at: 12))
        )
        self.bytes = bytes.littleEndian(UInt64.self, at: 20)
        path = Array(bytes[32..<32 + pathCount])
        target = Array(bytes[(32 + pathCount)...])
    }
}

/// Writes the archive of a session's trees.
struct ArchiveWriter: ~Copyable {
    private let output: Descriptor
    private var unsent: [UInt8] = []
    /// The path of the first name of a file that has several, by its number.
    private var names: [UInt64: [UInt8]] = [:]

    init(to output: consuming Descriptor) {
        self.output = output
    }

    /// Writes all of `trees`, and that it is all.
    mutating func write(_ trees: [MachineTree]) throws(SystemError) {
        for tree in trees {
            try put(.tree, FileArchive.Header(path: Array(tree.path.utf8)))
            names = [:]
            try write(tree)
        }
        try put(.end, FileArchive.Header())
        try flush()
    }

    private mutating func write(_ tree: MachineTree) throws(SystemError) {
        try tree.reader.forEach { (entry, file) throws(SystemError) in
            var header = FileArchive.Header(attributes: entry.attributes, path: entry.path)
            switch entry.kind {
            case .directory(let isOpaque): try put(isOpaque ? .newDirectory : .directory, header)
            case .link(let target):
                header.target = target
                try put(.link, header)
            case .pipe: try put(.pipe, header)
            case .whiteout: try put(.nothing, header)
            case .file(let bytes):
                if let number = entry.sharedNumber {
                    if let first = names[number] {
                        header.target = first
                        return try put(.name, header)
                    }
                    names[number] = entry.path
                }
                header.bytes = bytes
                try put(.file, header)
                try copy(file, bytes: bytes)
            case .other: break
            }
        }
    }

    /// Copies exactly as many bytes as were announced, whatever becomes of the file.
    private mutating func copy(_ file: consuming Descriptor?, bytes: UInt64) throws(SystemError) {
        var rest = bytes
        while rest > 0 {
            let wanted = Int(min(rest, UInt64(FileArchive.pieceBytes)))
            let read: [UInt8] =
                switch file {
                case .some(let file): try file.read(upTo: wanted) ?? []
                case nil: []
                }
            let piece = read.isEmpty ? [UInt8](repeating: 0, count: wanted) : read
            unsent += piece
            rest -= UInt64(piece.count)
            if unsent.count >= FileArchive.pieceBytes { try flush() }
        }
    }

    private mutating func put(_ kind: FileArchive.Kind, _ header: FileArchive.Header) throws(SystemError) {
        let bytes = header.encoded
        unsent.append(kind.rawValue)
        unsent.appendLittleEndian(UInt32(bytes.count))
        unsent += bytes
        if unsent.count >= FileArchive.pieceBytes { try flush() }
    }

    private mutating func flush() throws(SystemError) {
        try output.writeAll(unsent)
        unsent.removeAll(keepingCapacity: true)
    }
}
