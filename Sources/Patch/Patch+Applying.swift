extension Patch {
    /// Applies all operations to `files`, or none of them.
    ///
    /// - Throws: `contextNotFound`, `fileMissing`, `tooLarge` or `fileSystem`; then no file has been changed.
    public func apply(to files: some PatchFiles) throws(PatchError) {
        var pending = PendingFiles(files)
        for operation in operations { try pending.apply(operation) }
        try files.apply(pending.changes)
    }
}

/// Files as they will be.
private struct PendingFiles<Files: PatchFiles> {
    private let files: Files
    private var contents: [String: FileChange] = [:]
    /// In the order in which they were first changed.
    private var paths: [String] = []

    init(_ files: Files) { self.files = files }

    var changes: [FileChange] {
        // What was added and removed again, and never there, is no change.
        paths.compactMap { contents[$0] }.filter { $0.content != nil || files.hasFile($0.path) }
    }

    mutating func apply(_ operation: Patch.Operation) throws(PatchError) {
        switch operation {
        case .add(let path, let content): set(path, content)
        case .delete(let path):
            guard hasFile(path) else { throw missing(path, toBe: "deleted") }
            set(path, nil)
        case .update(let path, let target, let hunks):
            var update = FileUpdate(path: path, content: try read(path))
            let content = hunks.isEmpty ? try read(path) : try update.applying(hunks)
            guard let target, target.plainPath != path.plainPath else { return set(path, content) }
            set(target, content, like: path)
            set(path, nil)
        }
    }

    private func hasFile(_ path: String) -> Bool {
        if let change = contents[path.plainPath] { change.content != nil } else { files.hasFile(path) }
    }

    private func read(_ path: String) throws(PatchError) -> [UInt8] {
        let content =
            if let change = contents[path.plainPath] {
                change.content
            } else {
                try files.read(path, bytesMax: Patch.fileBytesMax)
            }
        guard let content else { throw missing(path, toBe: "updated") }
        return content
    }

    private mutating func set(_ path: String, _ content: [UInt8]?, like model: String? = nil) {
        let key = path.plainPath
        if contents[key] == nil { paths.append(key) }
        let path = contents[key]?.path ?? path
        contents[key] = FileChange(path: path, content: content, modelPath: model ?? contents[key]?.modelPath)
    }

    private func missing(_ path: String, toBe done: String) -> PatchError {
        PatchError(.fileMissing, "\(path): there is no such file to be \(done); check the path")
    }
}

extension String {
    /// The path without steps that lead nowhere, by which two names of one file are known to be the same.
    fileprivate var plainPath: String {
        let steps = split(separator: "/").filter { $0 != "." }
        return (hasPrefix("/") ? "/" : "") + steps.joined(separator: "/")
    }
}
