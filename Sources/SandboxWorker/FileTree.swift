internal import LinuxSystem

/// Small trees of files.
enum FileTree {
    private static let depthMax = 16

    /// Copies the directories, files and links in `source`, but those at its top in `left`, into the directory `target`.
    ///
    /// What not every user may read is left out.
    static func copy(
        _ source: String,
        to target: String,
        except left: Set<String> = [],
        depth: Int = 0
    ) throws(SystemError) {
        guard depth < depthMax else { return }
        for name in Files.names(in: source) where !left.contains(name) {
            let (old, new) = ("\(source)/\(name)", "\(target)/\(name)")
            if let link = Files.linkTarget(old) {
                try Files.makeLink(new, to: link)
            } else if Files.isPublic(old), let mode = Files.permissions(old) {
                if Files.kind(old) == .directory {
                    try Files.makeDirectory(new)
                    try copy(old, to: new, depth: depth + 1)
                } else {
                    try Files.create(new, try Files.read(old, bytesMax: 16 << 20))
                }
                try Files.setMode(new, mode)
            }
        }
    }
}
