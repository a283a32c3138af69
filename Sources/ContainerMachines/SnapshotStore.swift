internal import Glibc
internal import LinuxSystem
internal import Sessions
internal import Synchronization

/// Snapshots as files of the daemon's, bounded in number and bytes.
actor SnapshotStore {
    private let directory: String
    private let limits: SnapshotLimits
    /// Those that are whole: the image of their session, and their size in bytes.
    private var kept: [String: (image: String, bytes: Int)] = [:]
    private var writers: [String: SnapshotWriter] = [:]

    /// Keeps them in `directory`, which exists and holds nothing.
    init(in directory: String, limits: SnapshotLimits) {
        self.directory = directory
        self.limits = limits
    }

    /// Begins a snapshot of a session that began with `image`.
    ///
    /// - Throws: ``Sessions/SnapshotError/Reason/noRoom``.
    func begin(image: String) throws(SnapshotError) -> SnapshotWriter {
        let left =
            limits.bytesMax - kept.values.reduce(0) { $0 + $1.bytes } - writers.values.reduce(0) { $0 + $1.bytes }
        guard kept.count + writers.count < limits.countMax, left > 0 else { throw SnapshotError(.noRoom) }
        do throws(SystemError) {
            let id = SnapshotStore.name()
            let writer = SnapshotWriter(
                id,
                image: image,
                file: try Files.openNew("\(directory)/\(id)"),
                bytesMax: left
            )
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
    func abandon(_ writer: SnapshotWriter) {
        writers[writer.id] = nil
        try? Files.remove("\(directory)/\(writer.id)")
    }

    /// Opens a snapshot, nil if there is none with this name.
    func open(_ id: String) throws(SnapshotError) -> SnapshotReader? {
        guard let image = kept[id]?.image else { return nil }
        do throws(SystemError) {
            return SnapshotReader(image: image, try Descriptor.open("\(directory)/\(id)", flags: O_RDONLY))
        } catch {
            throw SnapshotError(.failed, cause: error)
        }
    }

    /// Removes a snapshot; false if there is none with this name. Who reads it reads on.
    func remove(_ id: String) -> Bool {
        guard kept.removeValue(forKey: id) != nil else { return false }
        try? Files.remove("\(directory)/\(id)")
        return true
    }

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
    func write(_ bytes: [UInt8]) throws -> Bool {
        guard written.add(bytes.count, ordering: .relaxed).newValue <= bytesMax else { throw SnapshotError(.noRoom) }
        try file.writeAll(bytes)
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
    func read() throws -> [UInt8]? {
        let bytes = try file.read(upTo: SnapshotReader.pieceBytes) ?? []
        return bytes.isEmpty ? nil : bytes
    }
}
