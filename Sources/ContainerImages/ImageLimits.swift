/// How large an image may be.
public struct ImageLimits: Sendable {
    /// How many bytes all files may have together.
    public var bytesMax: Int
    /// How many entries all archives may have together.
    public var entriesMax: Int
    /// How many layers an image may have.
    public var layersMax: Int
    /// How many times larger than its compressed form an archive may become, once it has more than 64 MiB.
    public var expansionMax: Int

    /// How long a path may be, in bytes; what the kernel takes.
    static let pathBytesMax = 4095
    /// How long one name in it may be, in bytes; what file systems take.
    static let nameBytesMax = 255
    /// How long a manifest, a configuration or an extended header may be, in bytes.
    static let metadataBytesMax = 8 << 20
    /// Below so many bytes an archive may be compressed as far as it will go.
    static let expansionFreeBytes = 64 << 20

    /// Limits that images of whole distributions with compilers and models keep: 32 GiB, two million entries, 256 layers,
    /// 200 times.
    public init(
        bytesMax: Int = 32 << 30,
        entriesMax: Int = 2_000_000,
        layersMax: Int = 256,
        expansionMax: Int = 200
    ) {
        self.bytesMax = bytesMax
        self.entriesMax = entriesMax
        self.layersMax = layersMax
        self.expansionMax = expansionMax
    }
}
