internal import JSON

/// What is to be unpacked for one image, and how it is known to be what it should be.
struct ImagePlan {
    /// A layer of an archive.
    struct Layer {
        let name: String
        /// The digest of the file as it is; nil where the archive does not say.
        let digest: String?
        /// The digest of what it holds, without compression.
        let contentDigest: String?
        let open: () throws(ImageError) -> any ByteSource
    }

    /// The lowest first.
    let layers: [Layer]
    let configuration: ImageConfiguration
    /// What tells the image from every other; nil where that is its one layer's digest.
    let digest: String?

    /// A root file system in one archive.
    init(rootFileSystem path: String) {
        layers = [
            Layer(name: path, digest: nil, contentDigest: nil) { () throws(ImageError) in try FileSource(path) }
        ]
        configuration = ImageConfiguration()
        digest = nil
    }

    /// The image of an OCI layout that `reference` names, or the only one for this machine.
    ///
    /// Source: OCI image specification, "Image Layout" and "Image Index".
    init(layout files: ArchiveFiles, reference: String?) throws(ImageError) {
        var index = try JSONValue(document: files.read("index.json"), "index.json")
        var digest = try ImagePlan.manifest(in: index, reference)
        var manifest = try JSONValue(document: files.readBlob(digest), digest)
        // An index of indexes: one image for several machines.
        for _ in 0..<2 where manifest["manifests"] != nil {
            index = manifest
            digest = try ImagePlan.manifest(in: index, nil)
            manifest = try JSONValue(document: files.readBlob(digest), digest)
        }
        guard let configurationDigest = manifest["config"]?["digest"]?.string,
            let layers = manifest["layers"]?.array
        else { throw ImageError(.malformed, "\(digest): no manifest of an image") }
        let json = try JSONValue(document: files.readBlob(configurationDigest), configurationDigest)
        configuration = ImageConfiguration(json)
        self.digest = digest
        var planned: [Layer] = []
        for (number, layer) in layers.enumerated() {
            guard let digest = layer["digest"]?.string else {
                throw ImageError(.malformed, "layer \(number + 1) has no digest")
            }
            planned.append(
                Layer(
                    name: digest,
                    digest: digest,
                    contentDigest: try configuration.digest(ofLayer: number, of: layers.count)
                ) { () throws(ImageError) in try files.blob(digest) }
            )
        }
        self.layers = planned
    }

    /// The image of a `docker save` archive that `reference` names, or the only one.
    init(saved files: ArchiveFiles, reference: String?) throws(ImageError) {
        let images = try JSONValue(document: files.read("manifest.json"), "manifest.json").array ?? []
        let named = images.filter { image in
            reference == nil || (image["RepoTags"]?.array ?? []).compactMap(\.string).contains(reference ?? "")
        }
        guard named.count == 1, let image = named.first else {
            let names = images.flatMap { ($0["RepoTags"]?.array ?? []).compactMap(\.string) }
            throw ImageError.choice(among: names, reference)
        }
        guard let name = image["Config"]?.string, let layers = image["Layers"]?.array?.compactMap(\.string) else {
            throw ImageError(.malformed, "manifest.json: no configuration or no layers")
        }
        let bytes = try files.read(name)
        configuration = ImageConfiguration(try JSONValue(document: bytes, name))
        let digest = try DigestSource(files.open(name)).digest()
        let last = name.split(separator: "/").last.map { $0.hasSuffix(".json") ? $0.dropLast(5) : $0 } ?? ""
        guard "sha256:\(last)" == digest else { throw ImageError(.digestMismatch, "\(name): its content is another") }
        guard layers.count == configuration.layerDigests.count else {
            throw ImageError(.malformed, "\(name): not as many digests as layers")
        }
        self.digest = digest
        var planned: [Layer] = []
        for (number, layer) in layers.enumerated() {
            let content = try configuration.digest(ofLayer: number, of: layers.count)
            planned.append(
                Layer(name: layer, digest: nil, contentDigest: content) { () throws(ImageError) in
                    try files.open(layer)
                }
            )
        }
        self.layers = planned
    }

    /// The digest of the manifest in an index that `reference` names, or of the only one for this machine.
    private static func manifest(in index: JSONValue, _ reference: String?) throws(ImageError) -> String {
        let all = index["manifests"]?.array ?? []
        let name = "org.opencontainers.image.ref.name"
        let named = all.filter { manifest in
            let machine = manifest["platform"]?["architecture"]?.string
            return (reference == nil || manifest["annotations"]?[name]?.string == reference)
                && (machine == nil || machine == ImageConfiguration.machineArchitecture)
        }
        guard named.count == 1, let digest = named[0]["digest"]?.string else {
            throw ImageError.choice(among: all.compactMap { $0["annotations"]?[name]?.string }, reference)
        }
        return digest
    }
}

extension ImageConfiguration {
    /// The digest that the configuration has for a layer's content.
    fileprivate func digest(ofLayer number: Int, of count: Int) throws(ImageError) -> String {
        guard layerDigests.count == count else {
            throw ImageError(.malformed, "the configuration has not as many digests as there are layers")
        }
        return layerDigests[number]
    }
}

extension ImageError {
    fileprivate static func choice(among names: [String], _ reference: String?) -> ImageError {
        let list = names.isEmpty ? "none with a name" : names.prefix(20).joined(separator: ", ")
        let wanted = reference.map { "no image named \($0)" } ?? "not one image for this machine"
        return ImageError(.notFound, "\(wanted); the archive has \(list)")
    }
}

extension JSONValue {
    /// Reads a document of an archive.
    init(document bytes: [UInt8], _ name: String) throws(ImageError) {
        do {
            self = try JSONValue(parsing: bytes)
        } catch {
            throw ImageError(.malformed, "\(name): no JSON")
        }
    }
}
