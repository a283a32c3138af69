internal import LinuxSystem

/// Reads a tar archive: POSIX's ustar and pax, and GNU's long names. Sources: POSIX.1-2017 pax, GNU tar manual.
struct TarReader {
    static let blockBytes = 512

    private let source: any ByteSource
    /// What has not been read of the content of the last entry, and what fills its last block.
    private var contentLeft = 0
    private var paddingLeft = 0
    private var isAtEnd = false
    /// Where the next byte is in the archive.
    private(set) var offset = 0

    init(_ source: any ByteSource) { self.source = source }

    /// The next entry; nil at the end.
    ///
    /// - Throws: `malformed` for what is no tar, `hostile` for sparse files and kinds that no image has.
    mutating func next() throws(ImageError) -> TarEntry? {
        var extended = ExtendedHeader()
        while let header = try nextHeader() {
            switch header.type {
            case UInt8(ascii: "x"): try extended.read(try metadata(header))
            case UInt8(ascii: "g"):
                // What it says for all entries is of no use for files, and would hide what they are.
                var ignored = ExtendedHeader()
                try ignored.read(try metadata(header))
            case UInt8(ascii: "L"): extended.path = try metadata(header).upToZero
            case UInt8(ascii: "K"): extended.target = try metadata(header).upToZero
            default:
                let entry = try header.entry(extended)
                contentLeft = entry.size
                paddingLeft = TarReader.padding(of: entry.size)
                return entry
            }
        }
        return nil
    }

    /// The next bytes of the last entry's content; none at its end.
    mutating func readContent(upTo count: Int) throws(ImageError) -> [UInt8] {
        guard contentLeft > 0 else { return [] }
        let bytes = try source.read(upTo: min(count, contentLeft))
        guard !bytes.isEmpty else { throw ImageError(.malformed, "the archive ends within a file") }
        contentLeft -= bytes.count
        offset += bytes.count
        return bytes
    }

    private mutating func nextHeader() throws(ImageError) -> TarHeader? {
        while try !readContent(upTo: 1 << 20).isEmpty {}
        guard !isAtEnd, try readBlocks(paddingLeft) != nil else { return nil }
        paddingLeft = 0
        guard let block = try readBlocks(TarReader.blockBytes), block.contains(where: { $0 != 0 }) else {
            isAtEnd = true
            return nil
        }
        return try TarHeader(block)
    }

    /// Nil at the end of the archive.
    private mutating func readBlocks(_ count: Int) throws(ImageError) -> [UInt8]? {
        let bytes = try source.readFully(count)
        offset += bytes.count
        if bytes.isEmpty && count > 0 { return nil }
        guard bytes.count == count else { throw ImageError(.malformed, "the archive ends within a header") }
        return bytes
    }

    private mutating func metadata(_ header: TarHeader) throws(ImageError) -> [UInt8] {
        guard header.size <= ImageLimits.metadataBytesMax else {
            throw ImageError(.hostile, "an extended header of \(header.size) bytes")
        }
        guard let bytes = try readBlocks(header.size + TarReader.padding(of: header.size)) else {
            throw ImageError(.malformed, "the archive ends within a header")
        }
        return Array(bytes.prefix(header.size))
    }

    private static func padding(of size: Int) -> Int { (blockBytes - size % blockBytes) % blockBytes }
}

/// What extended headers say of the next entry.
struct ExtendedHeader {
    var path: [UInt8]?
    var target: [UInt8]?
    var size: Int?
    var owner: UInt32?
    var group: UInt32?
    var modified: Int64?

    /// Reads the records of a pax header: `LENGTH KEY=VALUE\n` each.
    mutating func read(_ bytes: [UInt8]) throws(ImageError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard digits.count < 10, let length = Int(String(decoding: digits, as: UTF8.self)),
                length > digits.count + 2, length <= rest.count
            else { throw ImageError(.malformed, "an extended header that cannot be read") }
            let record = rest.prefix(length).dropFirst(digits.count + 1).dropLast()
            rest = rest.dropFirst(length)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                throw ImageError(.malformed, "an extended header that cannot be read")
            }
            try set(String(decoding: record[..<equals], as: UTF8.self), to: Array(record[(equals + 1)...]))
        }
    }

    private mutating func set(_ key: String, to value: [UInt8]) throws(ImageError) {
        let text = String(decoding: value, as: UTF8.self)
        switch key {
        case "path": path = value
        case "linkpath": target = value
        case "size":
            guard let number = Int(text), number >= 0 else { throw ImageError(.malformed, "a file of \(text) bytes") }
            size = number
        case "uid": owner = UInt32(text)
        case "gid": group = UInt32(text)
        case "mtime": modified = Int64(text.prefix { $0 != "." })
        default:
            if key.hasPrefix("GNU.sparse.") { throw ImageError(.hostile, "a sparse file, which images do not have") }
        // Extended attributes are left out: none may speak to the file system that a session's layers are.
        }
    }
}

extension [UInt8] {
    /// What stands before the first zero byte.
    fileprivate var upToZero: [UInt8] { Array(prefix { $0 != 0 }) }
}
