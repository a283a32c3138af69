internal import LinuxIsolation
package import LinuxSystem

extension SessionRoot {
    /// Enters a root that the session's own root user may change, bounded in bytes and files.
    ///
    /// Changes lie in a memory file system of the session's own, in an overlay for each part of ``RootLayers``: all is lost
    /// with the session.
    ///
    /// - Parameters:
    ///   - mounts: Descriptors of the directories beneath, in the order of the parts, which this call closes.
    ///   - trees: Gets where the changes of each part are, and a `/proc` that may be written to.
    ///   - terminalsMax: The most terminals at a time.
    /// - Throws: `SystemError`, the step that failed; `EINVAL` for a base without layers or with too few `mounts`. The process
    ///   is then in no root that it could go on in.
    package static func enterWritable(
        _ base: SandboxBase,
        mounts: [CInt],
        trees: MachineTrees,
        terminalsMax: Int
    ) throws(SystemError) {
        guard let layers = base.layersOfRoot else { throw SystemError("a root without layers", code: 22) }
        // By relative paths: once this process is the session's root, it may not go where the template lies.
        try ThisProcess.changeDirectory(Array(base.root.utf8))
        // A file of a user that the session does not have cannot be made.
        try ThisProcess.becomeKeepingSaved(user: 0, group: 0)
        // It counts as the session's memory: a full disk has to be an error, and not the end of its processes.
        let bytes = min(base.limits.diskBytes, base.limits.memoryBytes / 2)
        try Mounts.mountMemory(at: "run", options: "mode=755,size=\(bytes),nr_inodes=\(inodesMax)")
        for directory in ["root", "lower", "changes", "work"] { try Files.makeDirectory("run/\(directory)") }
        let root = "run/root"
        var next = mounts[...]
        for (number, part) in layers.parts.enumerated() {
            let isCopied = layers.copiesTemplate && part.path.isEmpty
            try mount(part, number: number, copying: isCopied, from: &next, at: root)
            try trees.add("/\(part.path)", changes: "run/changes/\(number)")
        }
        try showDevices(in: root, terminalsMax: terminalsMax)
        try layers.processes.mount(at: "\(root)/proc", keeping: trees)
        let dataBytes = min(base.limits.dataBytes, base.limits.memoryBytes / 4)
        try Mounts.mountMemory(at: "\(root)\(dataDirectory)", options: "mode=755,size=\(dataBytes),nr_inodes=65536")
        try Mounts.pivot(to: root)
    }

    private static let inodesMax = 262_144

    /// Mounts one part of the root, for which it takes as many descriptors as it has directories.
    private static func mount(
        _ part: RootLayers.Part,
        number: Int,
        copying isCopied: Bool,
        from mounts: inout ArraySlice<CInt>,
        at root: String
    ) throws(SystemError) {
        let (changes, work) = ("run/changes/\(number)", "run/work/\(number)")
        for directory in [changes, work] { try Files.makeDirectory(directory) }
        if isCopied { try copyTemplate(to: changes) }
        var lowers: [String] = []
        for index in part.lowers.indices {
            guard let mount = mounts.popFirst() else { throw SystemError("a root with too few mounts", code: 22) }
            let place = "run/lower/\(number)-\(index)"
            try Files.makeDirectory(place)
            try Mounts.attach(Descriptor(owning: mount), at: place)
            lowers.append(place)
        }
        let target = part.path.isEmpty ? root : "\(root)/\(part.path)"
        guard !lowers.isEmpty else { return try Mounts.bind(changes, at: target) }
        try Mounts.mountWritableOverlay(of: lowers, upper: changes, work: work, at: target)
    }

    /// Copies what of the template is no mount, and of `usr` nothing.
    private static func copyTemplate(to target: String) throws(SystemError) {
        let mounted: Set = ["dev", "usr", "run", "root", "proc"]
        try FileTree.copy(".", to: target, except: mounted)
        for name in mounted.sorted() + ["dev/pts", "dev/shm"] { try Files.makeDirectory("\(target)/\(name)") }
        for name in Files.names(in: "dev") {
            if let link = Files.linkTarget("dev/\(name)") {
                try Files.makeLink("\(target)/dev/\(name)", to: link)
            } else if TemplateDevices.names.contains(name) {
                try Files.create("\(target)/dev/\(name)", [])
            }
        }
    }

    private static func showDevices(in root: String, terminalsMax: Int) throws(SystemError) {
        for device in TemplateDevices.names { try Mounts.bind("dev/\(device)", at: "\(root)/dev/\(device)") }
        try Mounts.mountTerminals(at: "\(root)/dev/pts", max: terminalsMax)
        try Mounts.mountMemory(
            at: "\(root)/dev/shm",
            options: "mode=1777,size=64m,nr_inodes=1024",
            noExecution: true
        )
    }
}
