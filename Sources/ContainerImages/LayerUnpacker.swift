internal import LinuxSystem

/// Puts the layers of an image into a directory, one over the other.
///
/// Sources: OCI image specification, "Image Layer Filesystem Changeset".
struct LayerUnpacker: ~Copyable {
    /// What was found.
    struct Report: Equatable {
        var entries = 0
        /// The content of all files, also of those that a later layer removes.
        var bytes = 0
        /// Device files below `dev`, which every session gets from its machine.
        var skippedDevices = 0
        /// Entries of users or groups that a session cannot have.
        var foreignOwners = 0
    }

    private static let whiteout = Array(".wh.".utf8)
    private static let opaque = Array(".wh..wh..opq".utf8)
    /// How many users a session has.
    private static let ownersMax: UInt32 = 65_536
    /// The user `nobody`, who gets what belongs to no user of a session.
    private static let foreignOwner: UInt32 = 65_534

    private let tree: ConfinedTree
    private let limits: ImageLimits
    private(set) var report = Report()
    /// What the layer has made so far, as hashes of paths: a whiteout is about the layers below.
    private var made: Set<Int> = []

    /// Unpacks into the empty directory at `path`.
    init(into path: String, keepsOwners: Bool, limits: ImageLimits) throws(ImageError) {
        self.limits = limits
        do throws(SystemError) {
            tree = try ConfinedTree(path, keepsOwners: keepsOwners)
        } catch {
            throw ImageError(.fileSystem, "\(path): \(error)")
        }
    }

    /// Unpacks one layer.
    mutating func unpack(_ source: any ByteSource) throws(ImageError) {
        made = []
        var reader = TarReader(source)
        while let entry = try reader.next() {
            report.entries += 1
            guard report.entries <= limits.entriesMax else {
                throw ImageError(.tooLarge, "more than \(limits.entriesMax) entries")
            }
            report.bytes = report.bytes.addingReportingOverflow(entry.size).partialValue
            guard (0...limits.bytesMax).contains(report.bytes), entry.size <= limits.bytesMax else {
                throw ImageError(.tooLarge, "\(entry.shown): with it, files have more than \(limits.bytesMax) bytes")
            }
            let path = try LayerPath(entry.path)
            if try removesLower(path, entry) { continue }
            try make(entry, at: path, &reader)
            for prefix in path.prefixes { made.insert(prefix.hashValue) }
        }
    }
}

extension LayerUnpacker {
    /// Carries out a whiteout; false for what is none.
    private func removesLower(_ path: LayerPath, _ entry: TarEntry) throws(ImageError) -> Bool {
        guard let name = path.names.last, name.starts(with: Self.whiteout) else { return false }
        let parent = path.parent
        let start = parent.isEmpty ? [] : parent + [UInt8(ascii: "/")]
        if name == Self.opaque {
            let made = made
            try explaining(entry) { () throws(SystemError) in
                try tree.removeContent(of: parent) { made.contains((start + $0).hashValue) }
            }
            return true
        }
        let hidden = Array(name.dropFirst(Self.whiteout.count))
        let isName = !hidden.isEmpty && hidden != Array(".".utf8) && hidden != Array("..".utf8)
        // Other names of this kind are a union file system's own.
        if isName, !hidden.starts(with: Self.whiteout), !made.contains((start + hidden).hashValue) {
            try explaining(entry) { () throws(SystemError) in try tree.remove(start + hidden) }
        }
        return true
    }

    private mutating func make(_ entry: TarEntry, at path: LayerPath, _ reader: inout TarReader) throws(ImageError) {
        let attributes = attributes(of: entry)
        let place = path.bytes
        switch entry.kind {
        case .file: try makeFile(entry, at: place, attributes: attributes, from: &reader)
        case .directory:
            try explaining(entry) { () throws(SystemError) in try tree.makeDirectory(place, attributes) }
        case .pipe: try explaining(entry) { () throws(SystemError) in try tree.makePipe(place, attributes) }
        case .device:
            guard path.names.first == Array("dev".utf8) else {
                throw ImageError(.hostile, "\(entry.shown): a device outside of /dev")
            }
            report.skippedDevices += 1
        case .link(let target):
            try path.check(linkTo: target)
            try explaining(entry) { () throws(SystemError) in try tree.makeLink(place, to: target, attributes) }
        case .name(let target):
            let target = try LayerPath(target).bytes
            try explaining(entry) { () throws(SystemError) in try tree.makeName(place, of: target) }
        }
    }

    private func makeFile(
        _ entry: TarEntry,
        at place: [UInt8],
        attributes: ConfinedTree.Attributes,
        from reader: inout TarReader
    ) throws(ImageError) {
        let file: Descriptor
        do throws(SystemError) { file = try tree.makeFile(place) } catch { throw ImageError(entry, error) }
        while case let bytes = try reader.readContent(upTo: 1 << 20), !bytes.isEmpty {
            do throws(SystemError) { try file.writeAll(bytes) } catch { throw ImageError(entry, error) }
        }
        do throws(SystemError) { try tree.apply(attributes, to: file) } catch { throw ImageError(entry, error) }
    }

    private func explaining(_ entry: TarEntry, _ body: () throws(SystemError) -> Void) throws(ImageError) {
        do throws(SystemError) { try body() } catch { throw ImageError(entry, error) }
    }

    private mutating func attributes(of entry: TarEntry) -> ConfinedTree.Attributes {
        var attributes = entry.attributes
        if max(attributes.owner, attributes.group) >= Self.ownersMax { report.foreignOwners += 1 }
        if attributes.owner >= Self.ownersMax { attributes.owner = Self.foreignOwner }
        if attributes.group >= Self.ownersMax { attributes.group = Self.foreignOwner }
        return attributes
    }
}

extension ImageError {
    fileprivate init(_ entry: TarEntry, _ error: SystemError) {
        self.init(.fileSystem, "\(entry.shown): \(error)")
    }
}
