import Glibc
import LinuxSystem
import SandboxProtocol

/// Makes the files of an archive in this process's root.
struct ArchiveReader: ~Copyable {
    private let input: Descriptor
    private var buffer: ArraySlice<UInt8> = []
    /// How many bytes were read.
    private(set) var bytes: UInt64 = 0

    init(from input: consuming Descriptor) {
        self.input = input
    }

    /// Reads to the end of the archive; one that ends before is an error (`EPIPE`), and one that is malformed too (`EBADMSG`).
    mutating func restore() throws(SystemError) {
        var tree = try ConfinedTree("/", keepsOwners: true)
        while true {
            guard let kind = FileArchive.Kind(rawValue: try take(1)[0]) else { throw ArchiveReader.malformed }
            let count = Int(try take(4).littleEndian(UInt32.self, at: 0))
            guard count <= 1 << 16, let header = FileArchive.Header(encoded: try take(count)) else {
                throw ArchiveReader.malformed
            }
            switch kind {
            case .end: return
            case .tree: tree = try ConfinedTree(String(decoding: header.path, as: UTF8.self), keepsOwners: true)
            default: try make(kind, header, in: tree)
            }
        }
    }

    /// Makes what a record says. What is mounted in the new session stays as it is there.
    private mutating func make(
        _ kind: FileArchive.Kind,
        _ header: FileArchive.Header,
        in tree: borrowing ConfinedTree
    ) throws(SystemError) {
        do throws(SystemError) {
            if kind == .file {
                try makeFile(header, in: tree)
            } else {
                try ArchiveReader.make(kind, header, in: tree)
            }
        } catch {
            guard error.code == EXDEV || error.code == EBUSY else { throw error }
        }
    }

    private static func make(
        _ kind: FileArchive.Kind,
        _ header: FileArchive.Header,
        in tree: borrowing ConfinedTree
    ) throws(SystemError) {
        switch kind {
        case .directory: try tree.makeDirectory(header.path, header.attributes)
        case .newDirectory:
            // The tree itself cannot be made again.
            if !header.path.isEmpty { try tree.remove(header.path) }
            try tree.makeDirectory(header.path, header.attributes)
        case .link: try tree.makeLink(header.path, to: header.target, header.attributes)
        case .pipe: try tree.makePipe(header.path, header.attributes)
        case .nothing: try tree.remove(header.path)
        case .name: try tree.makeName(header.path, of: header.target)
        case .tree, .end, .file: break
        }
    }

    /// Makes a file with the content that follows; where it cannot be made, the content is passed over.
    private mutating func makeFile(
        _ header: FileArchive.Header,
        in tree: borrowing ConfinedTree
    ) throws(SystemError) {
        var rest = header.bytes
        let file: Descriptor
        do throws(SystemError) {
            file = try tree.makeFile(header.path)
        } catch {
            while try takePiece(of: &rest) != nil {}
            throw error
        }
        while let piece = try takePiece(of: &rest) { try file.writeAll(piece) }
        try tree.apply(header.attributes, to: file)
    }

    /// The next bytes of a content of which `rest` are still to come; nil after the last.
    private mutating func takePiece(of rest: inout UInt64) throws(SystemError) -> [UInt8]? {
        guard rest > 0 else { return nil }
        if buffer.isEmpty { try fill() }
        let piece = Array(buffer.prefix(Int(min(rest, UInt64(buffer.count)))))
        buffer = buffer.dropFirst(piece.count)
        rest -= UInt64(piece.count)
        return piece
    }

    private static var malformed: SystemError { SystemError("read an archive", code: EBADMSG) }

    private mutating func take(_ count: Int) throws(SystemError) -> [UInt8] {
        var taken: [UInt8] = []
        while taken.count < count {
            if buffer.isEmpty { try fill() }
            let piece = buffer.prefix(count - taken.count)
            taken += piece
            buffer = buffer.dropFirst(piece.count)
        }
        return taken
    }

    private mutating func fill() throws(SystemError) {
        let bytes = try input.read(upTo: FileArchive.pieceBytes) ?? []
        guard !bytes.isEmpty else { throw SystemError("read an archive", code: EPIPE) }
        buffer = bytes[...]
        self.bytes += UInt64(bytes.count)
    }
}
