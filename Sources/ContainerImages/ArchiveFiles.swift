internal import LinuxSystem

/// The files of an image archive, by their names: below a directory, or in a tar file that is not compressed.
enum ArchiveFiles {
    /// An OCI layout.
    case directory(String)
    /// What `docker save` and others write, and where each file stands in it.
    case archive(String, [String: Range<Int>])

    /// Finds the files of a tar archive.
    init(archive path: String, limits: ImageLimits) throws(ImageError) {
        var reader = TarReader(try FileSource(path))
        var files: [String: Range<Int>] = [:]
        var links: [(name: String, target: String)] = []
        var count = 0
        while let entry = try reader.next() {
            count += 1
            guard count <= limits.entriesMax else {
                throw ImageError(.tooLarge, "more than \(limits.entriesMax) entries")
            }
            let name = ArchiveFiles.plain(entry.path)
            switch entry.kind {
            case .file: files[name] = reader.offset..<reader.offset + entry.size
            case .link(let target):
                // Old versions of Docker have each layer once, and links to it.
                let parent = name.split(separator: "/").dropLast().joined(separator: "/")
                links.append((name, ArchiveFiles.plain(Array("\(parent)/".utf8) + target)))
            case .directory, .pipe, .device, .name: break
            }
        }
        for link in links { files[link.name] = files[link.name] ?? files[link.target] }
        self = .archive(path, files)
    }

    /// Whether there is a file with this name.
    func has(_ name: String) -> Bool {
        switch self {
        case .directory(let path): Files.kind("\(path)/\(name)") == .file
        case .archive(_, let files): files[name] != nil
        }
    }

    /// The content of a file.
    func open(_ name: String) throws(ImageError) -> any ByteSource {
        switch self {
        case .directory(let path): return try FileSource("\(path)/\(name)")
        case .archive(let path, let files):
            guard let range = files[name] else { throw ImageError(.malformed, "\(name) is missing in the archive") }
            return try FileSource(path, range: range)
        }
    }

    /// All of a small file.
    func read(_ name: String) throws(ImageError) -> [UInt8] {
        let bytes = try open(name).readFully(ImageLimits.metadataBytesMax + 1)
        guard bytes.count <= ImageLimits.metadataBytesMax else {
            throw ImageError(.tooLarge, "\(name): more than \(ImageLimits.metadataBytesMax) bytes")
        }
        return bytes
    }

    /// A blob of an OCI layout, whose digest the caller has to compare.
    func blob(_ digest: String) throws(ImageError) -> any ByteSource { try open(ArchiveFiles.blobName(digest)) }

    /// All of a small blob, with the digest that it should have.
    func readBlob(_ digest: String) throws(ImageError) -> [UInt8] {
        let name = try ArchiveFiles.blobName(digest)
        let bytes = try read(name)
        let source = DigestSource(BytesSource(bytes))
        guard try source.digest() == digest else {
            throw ImageError(.digestMismatch, "\(name): its content is another")
        }
        return bytes
    }

    private static func blobName(_ digest: String) throws(ImageError) -> String {
        let hex = digest.dropFirst("sha256:".count)
        guard digest.hasPrefix("sha256:"), hex.utf8.count == 64, hex.allSatisfy({ $0.isHexDigit && $0.isASCII }) else {
            throw ImageError(.malformed, "\(digest.prefix(100)): no digest of SHA-256")
        }
        return "blobs/sha256/\(hex)"
    }

    /// A name without steps that lead nowhere, or back.
    private static func plain(_ path: [UInt8]) -> String {
        var names: [Substring] = []
        for name in String(decoding: path, as: UTF8.self).split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        return names.joined(separator: "/")
    }
}

/// Bytes that are all there.
private final class BytesSource: ByteSource {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    func read(upTo count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
