internal import JSON
internal import LinuxSystem

extension ImageStore {
    /// Imports a root file system as tar, an OCI layout, or what `docker save` writes; each archive plain or with gzip.
    ///
    /// The image is there whole or not at all. Where one of this name is there, it is replaced. Files get their owners if
    /// this process is root.
    /// - Parameters:
    ///   - path: The archive, or the directory of an OCI layout.
    ///   - name: What the image is called here.
    ///   - reference: Which image of an archive with several, as the archive calls it.
    /// - Returns: The image as the store has it now. It takes as long as reading and writing all its files does.
    /// - Throws: Any code of ``ImageError``.
    @discardableResult
    public func importImage(
        _ path: String,
        as name: String,
        reference: String? = nil
    ) throws(ImageError) -> Image {
        let place = try self.path(of: name)
        removeLeftovers()
        let work = try explaining { () throws(SystemError) in try Files.makePrivateDirectory("\(directory)/.import-") }
        // Another import that begins meanwhile takes it for a leftover unless it is locked.
        guard let lock = FileLock(onDirectory: work) else {
            throw ImageError(.inUse, "\(work): another import has removed it; try again")
        }
        defer {
            withExtendedLifetime(lock) {}
            // What cannot be removed now is removed before the next import.
            try? removeTree(work)
        }
        let built = "\(work)/image"
        try explaining { () throws(SystemError) in
            try Files.makeDirectory(built)
            try Files.makeDirectory("\(built)/root")
        }
        let plan = try plan(for: path, reference: reference, in: work)
        let image = try build(plan, named: name, in: built)
        try explaining { () throws(SystemError) in
            try Files.create("\(built)/image.json", image.record.encoded(), mode: 0o600)
        }
        if Files.kind(place) == nil {
            try explaining { () throws(SystemError) in try Files.rename(built, toNew: place) }
        } else {
            let old = try exclusiveLock(name, place)
            try explaining { () throws(SystemError) in try Files.exchange(built, place) }
            withExtendedLifetime(old) {}
        }
        return try self.image(name)
    }

    /// Finds out what the archive is.
    private func plan(for path: String, reference: String?, in work: String) throws(ImageError) -> ImagePlan {
        if Files.kind(path) == .directory {
            guard Files.kind("\(path)/oci-layout") == .file else {
                throw ImageError(.malformed, "\(path): a directory without the file oci-layout")
            }
            return try ImagePlan(layout: .directory(path), reference: reference)
        }
        let start = try FileSource(path).readFully(6)
        if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) || start.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A]) {
            throw ImageError(.malformed, "\(path): compressed with zstd or xz; decompress it first, or use gzip")
        }
        let archive = start.isGzip ? try inflated(path, in: work) : path
        let files = try ArchiveFiles(archive: archive, limits: limits)
        if files.has("oci-layout"), files.has("index.json") {
            return try ImagePlan(layout: files, reference: reference)
        }
        let isSaved = files.has("manifest.json") && !files.has("etc/passwd") && !files.has("bin/sh")
        if isSaved { return try ImagePlan(saved: files, reference: reference) }
        return ImagePlan(rootFileSystem: archive)
    }

    /// An archive of archives has to be read at any place, so it is decompressed first.
    private func inflated(_ path: String, in work: String) throws(ImageError) -> String {
        let source = GzipSource(try FileSource(path), limits: limits)
        let result = "\(work)/archive"
        var count = 0
        let file = try explaining { () throws(SystemError) in try Files.openNew(result) }
        while case let bytes = try source.read(upTo: 1 << 20), !bytes.isEmpty {
            count += bytes.count
            guard count <= limits.bytesMax else {
                throw ImageError(.tooLarge, "\(path): more than \(limits.bytesMax) bytes")
            }
            try explaining { () throws(SystemError) in try file.writeAll(bytes) }
        }
        return result
    }

    private func build(_ plan: ImagePlan, named name: String, in directory: String) throws(ImageError) -> Image {
        guard (1...limits.layersMax).contains(plan.layers.count) else {
            throw ImageError(.tooLarge, "\(plan.layers.count) layers; 1 to \(limits.layersMax) can be imported")
        }
        let keepsOwners = ThisProcess.user == 0
        var unpacker = try LayerUnpacker(into: "\(directory)/root", keepsOwners: keepsOwners, limits: limits)
        var digest = plan.digest
        for layer in plan.layers {
            let raw = DigestSource(try layer.open())
            let start = try layer.open().readFully(2)
            let content = DigestSource(start.isGzip ? GzipSource(raw, limits: limits) : raw)
            try unpacker.unpack(content)
            let contentDigest = try content.digest()
            let rawDigest = try raw.digest()
            guard layer.contentDigest == nil || layer.contentDigest == contentDigest,
                layer.digest == nil || layer.digest == rawDigest
            else { throw ImageError(.digestMismatch, "\(layer.name): its content is another") }
            digest = digest ?? rawDigest
        }
        return Image(
            name: name,
            digest: digest ?? "",
            path: "\(directory)/root",
            bytes: unpacker.report.bytes,
            entries: unpacker.report.entries,
            keepsOwners: keepsOwners,
            remarks: unpacker.report.remarks(keepsOwners: keepsOwners),
            configuration: plan.configuration
        )
    }

    /// Removes what an import or a removal that was killed has left.
    private func removeLeftovers() {
        for name in Files.names(in: directory) where name.hasPrefix(".import-") || name.hasPrefix(".removed-") {
            let path = "\(directory)/\(name)"
            guard let lock = FileLock(onDirectory: path) else { continue }
            try? removeTree(path)
            withExtendedLifetime(lock) {}
        }
    }
}

extension LayerUnpacker.Report {
    fileprivate func remarks(keepsOwners: Bool) -> [String] {
        var remarks: [String] = []
        if skippedDevices > 0 { remarks.append("\(skippedDevices) device files were left out") }
        if foreignOwners > 0 {
            remarks.append("\(foreignOwners) entries of users beyond 65535 belong to the user 65534")
        }
        if !keepsOwners { remarks.append("all files belong to one user, as the import was not run by root") }
        return remarks
    }
}

extension [UInt8] {
    fileprivate var isGzip: Bool { starts(with: [0x1F, 0x8B]) }
}
