/// A path in an image: what an entry of a layer is about.
struct LayerPath {
    /// The names on the way; none for the root.
    let names: [[UInt8]]

    /// Reads a path as an archive has it.
    ///
    /// - Throws: `hostile` for an absolute path, for one with `..`, and for one that is too long for a file system.
    init(_ bytes: [UInt8]) throws(ImageError) {
        let shown = String(decoding: bytes.prefix(200), as: UTF8.self)
        guard bytes.first != UInt8(ascii: "/") else { throw ImageError(.hostile, "\(shown): an absolute path") }
        guard !bytes.contains(0) else { throw ImageError(.hostile, "\(shown): a path with a NUL") }
        guard bytes.count <= ImageLimits.pathBytesMax else {
            throw ImageError(.hostile, "\(shown)…: a path of \(bytes.count) bytes")
        }
        names = bytes.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }.map { Array($0) }
        guard !names.contains(Array("..".utf8)) else {
            throw ImageError(.hostile, "\(shown): a path that leads out of its directory")
        }
        guard names.allSatisfy({ $0.count <= ImageLimits.nameBytesMax }), names.count <= LayerPath.depthMax else {
            throw ImageError(.hostile, "\(shown): a name that is too long, or directories that are too deep")
        }
    }

    /// How deep directories may be in each other.
    private static let depthMax = 250

    /// The path as the kernel takes it; empty for the root.
    var bytes: [UInt8] { LayerPath.joined(names[...]) }

    /// The directory that it is in.
    var parent: [UInt8] { LayerPath.joined(names.dropLast()) }

    /// The path and all directories that it is in.
    var prefixes: [[UInt8]] { (0...names.count).map { LayerPath.joined(names.prefix($0)) } }

    /// Refuses a link from here that leads out of the root, by what it says.
    func check(linkTo target: [UInt8]) throws(ImageError) {
        let text = "\(String(decoding: bytes, as: UTF8.self)) -> \(String(decoding: target.prefix(200), as: UTF8.self))"
        guard !target.isEmpty, !target.contains(0), target.count <= ImageLimits.pathBytesMax else {
            throw ImageError(.hostile, "\(text): a link of \(target.count) bytes")
        }
        var depth = target.first == UInt8(ascii: "/") ? 0 : names.count - 1
        for step in target.split(separator: UInt8(ascii: "/")) where !step.elementsEqual(".".utf8) {
            depth += step.elementsEqual("..".utf8) ? -1 : 1
            guard depth >= 0 else { throw ImageError(.hostile, "\(text): a link that leads out of the image") }
        }
    }

    private static func joined(_ names: ArraySlice<[UInt8]>) -> [UInt8] {
        Array(names.joined(separator: [UInt8(ascii: "/")]))
    }
}
