internal import Glibc
internal import LinuxSystem

/// The files that this process can reach; relative paths begin at its working directory.
public struct RealFiles: PatchFiles, Sendable {
    /// Files as the kernel has them.
    public init() {}

    /// All of a regular file, also through links.
    ///
    /// - Throws: `PatchError`, for what is not a regular file, what has more than `bytesMax` bytes, and what cannot be read.
    public func read(_ path: String, bytesMax: Int) throws(PatchError) -> [UInt8]? {
        do throws(SystemError) {
            // Without O_NONBLOCK, opening a pipe waits for a writer.
            let file = try Descriptor.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
            guard try HostileDirectory.size(of: file) <= UInt64(bytesMax) else {
                throw SystemError("more than \(bytesMax) bytes", code: EFBIG)
            }
            var bytes: [UInt8] = []
            while let chunk = try file.read(upTo: 1 << 20), !chunk.isEmpty {
                bytes += chunk
                guard bytes.count <= bytesMax else { throw SystemError("more than \(bytesMax) bytes", code: EFBIG) }
            }
            return bytes
        } catch {
            if error.code == ENOENT { return nil }
            throw PatchError(error.code == EFBIG ? .tooLarge : .fileSystem, "\(path): \(error)")
        }
    }

    /// Whether something is there that is no directory.
    public func hasFile(_ path: String) -> Bool { StagedFile.canReplace(path) }

    /// Writes every new content beside its place before the first file changes.
    ///
    /// - Throws: `PatchError`; the files that had changed by then are put back.
    public func apply(_ changes: [FileChange]) throws(PatchError) {
        var transaction = FileTransaction()
        do throws(PatchError) {
            for change in changes {
                try explaining(change.path) { () throws(SystemError) in try transaction.stage(change) }
            }
            for change in changes {
                try explaining(change.path) { () throws(SystemError) in try transaction.commit(change.path) }
            }
        } catch {
            transaction.undo()
            throw error
        }
        transaction.finish()
    }

    private func explaining(_ path: String, _ body: () throws(SystemError) -> Void) throws(PatchError) {
        do throws(SystemError) {
            try body()
        } catch {
            throw PatchError(.fileSystem, "\(path): it cannot be changed: \(error)")
        }
    }
}

/// Files that change together: until ``finish()`` everything can be undone.
private struct FileTransaction {
    private var staged: [String: StagedFile] = [:]
    private var directories: [String] = []

    /// Writes what the file will be beside it, in directories that are made where they are missing.
    mutating func stage(_ change: FileChange) throws(SystemError) {
        if change.content != nil { try makeDirectories(above: change.path) }
        staged[change.path] = try StagedFile(
            change.content,
            for: change.path,
            like: change.modelPath
        )
    }

    mutating func commit(_ path: String) throws(SystemError) { try staged[path]?.takePlace() }

    mutating func undo() {
        for file in staged.values { file.undo() }
        // An empty one can be removed, and no other is.
        for directory in directories.reversed() { try? Files.removeDirectory(directory) }
    }

    mutating func finish() {
        for file in staged.values { file.finish() }
    }

    private mutating func makeDirectories(above path: String) throws(SystemError) {
        var missing: [String] = []
        var parent = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        while !parent.isEmpty, Files.kind(String(parent)) == nil {
            missing.append(String(parent))
            parent = parent[..<(parent.lastIndex(of: "/") ?? parent.startIndex)]
        }
        for directory in missing.reversed() where Files.kind(directory) == nil {
            try Files.makeDirectory(directory, mode: 0o777)
            directories.append(directory)
        }
    }
}
