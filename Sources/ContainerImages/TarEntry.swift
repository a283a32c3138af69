internal import LinuxSystem

/// One entry of a tar archive.
struct TarEntry {
    /// What it is.
    enum Kind: Equatable {
        case file
        case directory
        case pipe
        case device
        /// A symbolic link.
        case link(target: [UInt8])
        /// Another name for the file at `target`.
        case name(target: [UInt8])
    }

    let kind: Kind
    let path: [UInt8]
    /// How many bytes of content follow; 0 for all but files.
    let size: Int
    let attributes: ConfinedTree.Attributes

    /// The path as a message shows it.
    var shown: String { String(decoding: path.prefix(200), as: UTF8.self) }
}
