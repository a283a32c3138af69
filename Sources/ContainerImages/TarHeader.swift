internal import LinuxSystem

/// The block before an entry.
struct TarHeader {
    let type: UInt8
    let size: Int
    private let block: [UInt8]

    /// Reads a block that is not all zeros.
    init(_ block: [UInt8]) throws(ImageError) {
        self.block = block
        let sum = block.enumerated().reduce(0) { sum, byte in
            // The checksum itself counts as spaces.
            sum + ((148..<156).contains(byte.offset) ? 32 : Int(byte.element))
        }
        guard let written = TarHeader.number(block[148..<156]), written == sum else {
            throw ImageError(.malformed, "no tar archive, or a damaged one: the checksum of a header is wrong")
        }
        guard let size = TarHeader.number(block[124..<136]), size >= 0 else {
            throw ImageError(.malformed, "a header whose size cannot be read")
        }
        self.size = size
        type = block[156]
    }

    /// The entry, with what extended headers before it have said.
    func entry(_ extended: ExtendedHeader) throws(ImageError) -> TarEntry {
        let path = extended.path ?? self.path
        let kind = try kind(at: path, extended.target ?? field(157..<257))
        let attributes = ConfinedTree.Attributes(
            mode: UInt32(truncatingIfNeeded: TarHeader.number(block[100..<108]) ?? 0) & 0o7777,
            owner: extended.owner ?? UInt32(clamping: TarHeader.number(block[108..<116]) ?? 0),
            group: extended.group ?? UInt32(clamping: TarHeader.number(block[116..<124]) ?? 0),
            // Times before 1970 and far ahead are accidents, and some file systems refuse them.
            modified: min(max(extended.modified ?? Int64(TarHeader.number(block[136..<148]) ?? 0), 0), 1 << 33)
        )
        return TarEntry(
            kind: kind,
            path: path,
            size: kind == .file ? extended.size ?? size : 0,
            attributes: attributes
        )
    }

    private func kind(at path: [UInt8], _ target: [UInt8]) throws(ImageError) -> TarEntry.Kind {
        let shown = String(decoding: path.prefix(200), as: UTF8.self)
        switch type {
        // Before there were directories, a slash at the end of a name was one.
        case 0, UInt8(ascii: "0"): return path.last == UInt8(ascii: "/") ? .directory : .file
        case UInt8(ascii: "7"): return .file
        case UInt8(ascii: "1"): return .name(target: target)
        case UInt8(ascii: "2"): return .link(target: target)
        case UInt8(ascii: "3"), UInt8(ascii: "4"): return .device
        case UInt8(ascii: "5"): return .directory
        case UInt8(ascii: "6"): return .pipe
        case UInt8(ascii: "S"): throw ImageError(.hostile, "\(shown): a sparse file, which images do not have")
        default:
            throw ImageError(.hostile, "\(shown): an entry of the kind \(type), which images do not have")
        }
    }

    private var path: [UInt8] {
        let name = field(0..<100)
        let isUstar = block[257..<263].elementsEqual("ustar\0".utf8)
        let prefix = isUstar ? field(345..<500) : []
        return prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    private func field(_ range: Range<Int>) -> [UInt8] { Array(block[range].prefix { $0 != 0 }) }

    /// A number: octal digits, or what GNU has for larger ones: bytes after one with the highest bit set.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            guard first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
            let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int(exactly: value)
        }
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
