internal import Glibc
internal import LinuxSystem
internal import NIOPosix
internal import Sessions
internal import Synchronization

/// Snapshots as files of the daemon's, bounded in number and bytes.
///
/// Files are opened, read, written and removed on threads that may wait for the disk: those that serve do not.
actor SnapshotStore {
    private let directory: String
    private let limits: SnapshotLimits
    /// Those that are whole: the image of their session, and their size in bytes.
    private var kept: [String: (image: String, bytes: Int)] = [:]
    private var writers: [String: SnapshotWriter] = [:]
    /// How many files are being opened to be written.
    private var beginning = 0

    /// Keeps them in `directory`, which exists and holds nothing.
    init(in directory: String, limits: SnapshotLimits) {
        self.directory = directory
        self.limits = limits
    }

    /// Begins a snapshot of a session that began with `image`.
    ///
    /// - Throws: ``Sessions/SnapshotError/Reason/noRoom``.
    func begin(image: String) async throws(SnapshotError) -> SnapshotWriter {
        let left =
            limits.bytesMax - kept.values.reduce(0) { $0 + $1.bytes } - writers.values.reduce(0) { $0 + $1.bytes }
        guard kept.count + writers.count + beginning < limits.countMax, left > 0 else { throw SnapshotError(.noRoom) }
        let id = SnapshotStore.name()
        let path = path(of: id)
        beginning += 1
        defer { beginning -= 1 }
        do {
            let writer = try await Disk.run {
                SnapshotWriter(id, image: image, file: try Files.openNew(path), bytesMax: left)
            }
            writers[id] = writer
            return writer
        } catch {
            throw SnapshotError(.failed, cause: error)
        }
    }

    /// Keeps what was written.
    func finish(_ writer: SnapshotWriter) -> SessionSnapshot {
        writers[writer.id] = nil
        kept[writer.id] = (writer.image, writer.bytes)
        return SessionSnapshot(id: writer.id, bytes: writer.bytes)
    }

    /// Removes what was written.
    func abandon(_ writer: SnapshotWriter) async {
        writers[writer.id] = nil
        await removeFile(writer.id)
    }

    /// Opens a snapshot, nil if there is none with this name.
    func open(_ id: String) async throws(SnapshotError) -> SnapshotReader? {
        guard let image = kept[id]?.image else { return nil }
        let path = path(of: id)
        do {
            return try await Disk.run { SnapshotReader(image: image, try Descriptor.open(path, flags: O_RDONLY)) }
        } catch {
            // Removed meanwhile.
            if kept[id] == nil { return nil }
            throw SnapshotError(.failed, cause: error)
        }
    }

    /// Removes a snapshot; false if there is none with this name. Who reads it reads on.
    func remove(_ id: String) async -> Bool {
        guard kept.removeValue(forKey: id) != nil else { return false }
        await removeFile(id)
        return true
    }

    private func removeFile(_ id: String) async {
        let path = path(of: id)
        try? await Disk.run { try Files.remove(path) }
    }

    private func path(of id: String) -> String { "\(directory)/\(id)" }

    /// 32 hexadecimal digits of 128 random bits.
    private static func name() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// How many snapshots there may be, and how much they may hold together.
public struct SnapshotLimits: Equatable, Sendable {
    /// Snapshots at a time.
    public let countMax: Int
    /// Bytes in all of them.
    public let bytesMax: Int

    /// The limits.
    public init(countMax: Int = 64, bytesMax: Int = 4 << 30) {
        self.countMax = countMax
        self.bytesMax = bytesMax
    }
}

/// A snapshot that is written.
final class SnapshotWriter: Sendable {
    let id: String
    fileprivate let image: String
    private let file: Descriptor
    private let bytesMax: Int
    private let written = Atomic(0)

    /// How much was written, in bytes.
    var bytes: Int { written.load(ordering: .relaxed) }

    fileprivate init(_ id: String, image: String, file: consuming Descriptor, bytesMax: Int) {
        self.id = id
        self.image = image
        self.file = file
        self.bytesMax = bytesMax
    }

    /// Adds bytes; always true.
    ///
    /// - Throws: ``Sessions/SnapshotError/Reason/noRoom`` for more than there is room for.
    func write(_ bytes: [UInt8]) async throws -> Bool {
        guard written.add(bytes.count, ordering: .relaxed).newValue <= bytesMax else { throw SnapshotError(.noRoom) }
        try await Disk.run { try self.file.writeAll(bytes) }
        return true
    }
}

/// A snapshot that is read.
final class SnapshotReader: Sendable {
    private static let pieceBytes = 1 << 18
    /// The image that its session began with.
    let image: String
    private let file: Descriptor

    fileprivate init(image: String, _ file: consuming Descriptor) {
        self.image = image
        self.file = file
    }

    /// The next bytes; nil at the end.
    func read() async throws -> [UInt8]? {
        let bytes = try await Disk.run { try self.file.read(upTo: SnapshotReader.pieceBytes) ?? [] }
        return bytes.isEmpty ? nil : bytes
    }
}

/// The threads that may wait for the disk.
private enum Disk {
    /// Runs `body` on one of them.
    ///
    /// - Throws: What `body` throws.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(body)
    }
}
