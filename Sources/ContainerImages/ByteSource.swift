internal import Digest
internal import Glibc
internal import LinuxSystem
internal import SystemCodecs

/// Bytes that are read once, from the first to the last.
protocol ByteSource: AnyObject {
    /// The next bytes, at most `count`; none at the end.
    func read(upTo count: Int) throws(ImageError) -> [UInt8]
}

extension ByteSource {
    /// Exactly the next `count` bytes; fewer only at the end.
    func readFully(_ count: Int) throws(ImageError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = try read(upTo: count - bytes.count)
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }

    /// Reads to the end.
    func drain() throws(ImageError) {
        while try !read(upTo: 1 << 20).isEmpty {}
    }
}

/// A part of a file, or all of it.
final class FileSource: ByteSource {
    private let file: Descriptor
    private let path: String
    private var offset: Int
    private let end: Int

    /// The bytes from `range` of the regular file at `path`; all of it for nil.
    init(_ path: String, range: Range<Int>? = nil) throws(ImageError) {
        self.path = path
        do throws(SystemError) {
            file = try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            let size = Int(clamping: try HostileDirectory.size(of: file))
            offset = range?.lowerBound ?? 0
            end = min(range?.upperBound ?? size, size)
        } catch {
            throw ImageError(error.code == ENOENT ? .notFound : .fileSystem, "\(path): \(error)")
        }
    }

    func read(upTo count: Int) throws(ImageError) -> [UInt8] {
        guard offset < end else { return [] }
        do throws(SystemError) {
            try file.seek(to: UInt64(offset))
            let bytes = try file.read(upTo: min(count, end - offset, 1 << 20)) ?? []
            offset += bytes.count
            return bytes
        } catch {
            throw ImageError(.fileSystem, "\(path): \(error)")
        }
    }
}

/// Passes bytes on, and has their digest at the end.
final class DigestSource: ByteSource {
    private let source: any ByteSource
    private var hash = SHA256()
    private var result: String?

    init(_ source: any ByteSource) { self.source = source }

    func read(upTo count: Int) throws(ImageError) -> [UInt8] {
        let bytes = try source.read(upTo: count)
        hash.update(bytes.span)
        return bytes
    }

    /// The digest of everything, which is read to its end.
    func digest() throws(ImageError) -> String {
        if let result { return result }
        try drain()
        let digest = "sha256:" + SHA256.text(of: hash.finish())
        result = digest
        return digest
    }
}

/// What a gzip file holds.
final class GzipSource: ByteSource {
    private let source: any ByteSource
    private let limits: ImageLimits
    private var inflation: Inflation?
    private var input: [UInt8] = []
    private var offset = 0
    private var (inputCount, outputCount) = (0, 0)
    private var output: ArraySlice<UInt8> = []

    init(_ source: any ByteSource, limits: ImageLimits) {
        self.source = source
        self.limits = limits
    }

    func read(upTo count: Int) throws(ImageError) -> [UInt8] {
        while output.isEmpty, try hasInput() { try inflate() }
        let bytes = output.prefix(count)
        output = output.dropFirst(count)
        return Array(bytes)
    }

    private func hasInput() throws(ImageError) -> Bool {
        if offset == input.count {
            input = try source.read(upTo: 1 << 16)
            inputCount += input.count
            offset = 0
        }
        if !input.isEmpty || inflation == nil { return !input.isEmpty }
        throw ImageError(.malformed, "the compressed data ends too early")
    }

    private func inflate() throws(ImageError) {
        do throws(SystemError) {
            // A file may have several members, one after the other.
            if inflation == nil { inflation = try Inflation(.gzip) }
        } catch {
            throw ImageError(.fileSystem, "\(error)")
        }
        output = (inflation?.step(input, from: &offset) ?? [])[...]
        outputCount += output.count
        switch inflation?.state {
        case .damaged: throw ImageError(.malformed, "the compressed data is damaged")
        case .ended: inflation = nil
        case .unfinished, nil: break
        }
        guard outputCount < ImageLimits.expansionFreeBytes || outputCount / max(inputCount, 1) < limits.expansionMax
        else {
            throw ImageError(.hostile, "the compressed data becomes more than \(limits.expansionMax) times as large")
        }
    }
}
