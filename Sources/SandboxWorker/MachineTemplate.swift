internal import LinuxIsolation
internal import LinuxSystem

/// What lies beneath the writable roots of sessions, built once: settings, empty directories, devices and `apply_patch`, on
/// the programs of this machine or on an image.
///
/// Nothing of an image is trusted: what the template has lies on it, so that no link of an image's leads a mount astray.
struct MachineTemplate {
    let root: String
    private let image: String?
    private let ids: SessionIDs
    private let memoryBytes: UInt64

    /// Directories that a session's file systems and files of the worker's come to; in an image they are no links.
    private static let places = [
        "dev", "dev/pts", "dev/shm", "etc", "mnt", "mnt/data", "proc", "root", "run", "sys", "tmp", "usr", "usr/local",
        "usr/local/bin", "usr/local/lib", "usr/local/lib/harmonium",
    ]

    /// Builds on the empty directory `root`, in a mount namespace of the worker's own, for sessions with users of `ids`;
    /// `image` is the root of an image, nil for this machine's own programs.
    init(at root: String, image: String?, ids: SessionIDs, memoryBytes: UInt64) {
        self.memoryBytes = memoryBytes
        self.root = root
        self.image = image
        self.ids = ids
    }

    /// Builds it, and gives the locks to hold for as long as there are sessions.
    func build() throws(SystemError) -> (RootLayers, [FileLock]) {
        let (user, group) = (ThisProcess.user, ThisProcess.group)
        // Root's, so that they are mapped to root of a session.
        if ids.areOwn { try MachineTemplate.makeFiles(asUser: 0, group: 0) }
        defer { if ids.areOwn { try? MachineTemplate.makeFiles(asUser: user, group: group) } }
        try Mounts.mountMemory(at: root, options: "mode=755,size=256m,nr_inodes=400000")
        for place in MachineTemplate.places { try makeDirectory(place) }
        try Files.setMode("\(root)/tmp", 0o1777)
        try Files.setMode("\(root)/root", 0o700)
        let locks = try TemplateDevices.show(in: root, place: "\(root)/mnt/data", empty: "\(root)/run")
        try Files.makeLink("\(root)/dev/ptmx", to: "pts/ptmx")
        try MachinePrograms.showApplyPatch(in: root)
        try MachineSettings.write(to: root, ofMachine: image == nil)
        let processes = try MachineProcesses(in: root, memoryBytes: memoryBytes)
        let layers = try layers(processes)
        // What lies over the kernel's files in sessions is on this mount.
        try Mounts.restrict(root, .readOnly, recursively: false)
        return (layers, locks)
    }

    private static func makeFiles(asUser user: UInt32, group: UInt32) throws(SystemError) {
        try ThisProcess.makeFiles(asUser: user, group: group)
        // Which the change has undone. A worker that is not may not open the user namespaces of its sessions.
        try ThisProcess.setDumpable(true)
    }

    private func layers(_ processes: MachineProcesses) throws(SystemError) -> RootLayers {
        let mapping = try OwnerMapping(ids.areOwn ? ids.mapping(forSession: 0) : nil)
        let isOwned = !ids.areOwn || mapping.covers(root)
        let template = RootLayers.Lower(path: root, isMapped: ids.areOwn && isOwned)
        var builder = PartBuilder(root: root, isOwned: isOwned, isMapped: template.isMapped, mapping: mapping)
        if let image {
            try MachineTemplate.check(image)
            try Mounts.bind(image, at: "\(root)/run")
            try Mounts.restrict("\(root)/run", [.readOnly, .noSetUser, .noDevices], recursively: true)
            try builder.add("", of: "\(root)/run", name: "the image", isMachines: false)
        } else {
            builder.parts.append(RootLayers.Part(path: "", lowers: isOwned ? [template] : []))
            try showMachine(&builder)
        }
        return RootLayers(
            parts: builder.parts,
            copiesTemplate: !isOwned,
            processes: processes,
            unwritable: builder.unwritable
        )
    }

    /// Shows this machine's programs, and what its packages are.
    private func showMachine(_ builder: inout PartBuilder) throws(SystemError) {
        let sources = "\(root)/run"
        try Mounts.mountMemory(at: sources, options: "mode=755,size=1m,nr_inodes=64")
        for (number, path) in try directories().enumerated() {
            let source = "\(sources)/\(number)"
            try Files.makeDirectory(source)
            try Mounts.bind("/\(path)", at: source)
            try Mounts.restrict(source, [.readOnly, .noSetUser, .noDevices], recursively: true)
            try builder.add(path, of: source, name: "/\(path)", isMachines: true)
        }
    }

    /// The machine's directories that sessions see; those that are links there are made as such.
    private func directories() throws(SystemError) -> [String] {
        var directories = ["usr"]
        for name in ["bin", "sbin", "lib", "lib32", "lib64", "libx32"] {
            if let target = Files.linkTarget("/\(name)") {
                try Files.makeLink("\(root)/\(name)", to: target)
            } else if Files.kind("/\(name)") == .directory {
                try makeDirectory(name)
                directories.append(name)
            }
        }
        return directories
            + (Files.kind("/\(MachineSettings.packages)") == .directory ? [MachineSettings.packages] : [])
    }

    /// Throws `ELOOP` if an image has something else than a directory where the template has one.
    private static func check(_ image: String) throws(SystemError) {
        for place in places where Files.isLinkOrFile("\(image)/\(place)") {
            throw SystemError("an image in which /\(place) is no directory", code: 40)
        }
    }

    private func makeDirectory(_ path: String) throws(SystemError) { try Files.makeDirectory("\(root)/\(path)") }
}

/// Lays directories on one another.
private struct PartBuilder: ~Copyable {
    let root: String
    /// Whether sessions can change what is in the template.
    let isOwned: Bool
    let isMapped: Bool
    let mapping: OwnerMapping
    var parts: [RootLayers.Part] = []
    var unwritable: [String] = []

    init(root: String, isOwned: Bool, isMapped: Bool, mapping: consuming OwnerMapping) {
        self.root = root
        self.isOwned = isOwned
        self.isMapped = isMapped
        self.mapping = mapping
    }

    /// Adds the part `path`, which is `source` below what the template has there.
    ///
    /// Of this machine's directories, root of a session sees what every user may read, though it owns what root owns.
    mutating func add(_ path: String, of source: String, name: String, isMachines: Bool) throws(SystemError) {
        let place = path.isEmpty ? root : "\(root)/\(path)"
        let template = RootLayers.Lower(path: place, isMapped: isMapped)
        // Without the template on top, nothing hides what is private.
        let below = RootLayers.Lower(path: source, isMapped: mapping.covers(source) && (isOwned || !isMachines))
        // The directories on top give a merged one its owner.
        if isOwned && (isMachines || !below.isMapped) {
            try ShadowTree.make(of: source, at: place, ownsDirectories: !below.isMapped)
        }
        if !below.isMapped && !isOwned { unwritable.append(name) }
        let isTemplateBelow = !isOwned && !path.isEmpty
        let lowers = isTemplateBelow ? [below, template] : isOwned ? [template, below] : [below]
        parts.append(RootLayers.Part(path: path, lowers: lowers))
    }
}
