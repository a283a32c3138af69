internal import JSON
public import LinuxSystem

/// Images below one directory that only its user may enter: an unpacked image has programs that run as root.
///
/// Each image is a directory with its name, which holds `image.json` and the files in `root`.
public struct ImageStore: Sendable {
    /// Where it is.
    public let directory: String
    let limits: ImageLimits

    /// The store in `directory`, which is made if it is missing.
    ///
    /// - Throws: `fileSystem` where it cannot be made, or is another user's.
    public init(_ directory: String, limits: ImageLimits = ImageLimits()) throws(ImageError) {
        self.directory = directory
        self.limits = limits
        try explaining { () throws(SystemError) in try Files.makePrivate(directory) }
    }

    /// The store in `directory`, which may be another user's or missing, for a process that only reads it.
    public init(reading directory: String) {
        self.directory = directory
        limits = ImageLimits()
    }

    /// All images, in the order of their names; a directory without a record is left out.
    public func images() -> [Image] {
        Files.names(in: directory).filter { !$0.hasPrefix(".") }.sorted().compactMap { try? image($0) }
    }

    /// One image, as its record says; `name` has 1 to 128 characters of those that ``Image/name`` has.
    ///
    /// - Throws: `notFound`.
    public func image(_ name: String) throws(ImageError) -> Image {
        let directory = try path(of: name)
        guard let bytes = try? Files.read("\(directory)/image.json"), let record = try? JSONValue(parsing: bytes),
            let image = Image(name: name, directory: directory, record: record)
        else { throw ImageError(.notFound, "\(name): there is no such image; `harmonium image list` shows all") }
        return image
    }

    /// Keeps an image from being removed or replaced for as long as the result lives.
    ///
    /// - Returns: A lock that any number of processes may share; nothing waits for it.
    /// - Throws: `notFound`, or `inUse` where it is being removed.
    public func use(_ image: Image) throws(ImageError) -> FileLock {
        let path = try path(of: image.name)
        guard let lock = FileLock(sharingDirectory: path) else {
            throw ImageError(Files.kind(path) == nil ? .notFound : .inUse, "\(image.name): it is being removed")
        }
        return lock
    }

    /// Removes an image with its files.
    ///
    /// - Throws: `notFound`; `inUse` where a session has it; `fileSystem` where a file stays.
    public func remove(_ name: String) throws(ImageError) {
        let path = try path(of: name)
        guard Files.kind(path) != nil else { _ = try image(name); return }
        let lock = try exclusiveLock(name, path)
        let grave = try explaining { () throws(SystemError) in try Files.makePrivateDirectory("\(directory)/.removed-")
        }
        try explaining { () throws(SystemError) in try Files.rename(path, toNew: "\(grave)/image") }
        withExtendedLifetime(lock) {}
        try removeTree(grave)
    }

    /// Where an image is or would be.
    func path(of name: String) throws(ImageError) -> String {
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isName, (1...128).contains(name.utf8.count), !name.hasPrefix(".") else {
            throw ImageError(
                .notFound,
                "\(name.prefix(128)): no name of an image; 1 to 128 letters, digits, `_`, `-` and `.`, not first"
            )
        }
        return "\(directory)/\(name)"
    }

    func exclusiveLock(_ name: String, _ path: String) throws(ImageError) -> FileLock {
        guard let lock = FileLock(onDirectory: path) else {
            throw ImageError(.inUse, "\(name): a session uses it; end it first")
        }
        return lock
    }

    /// Removes a directory of the store.
    func removeTree(_ path: String) throws(ImageError) {
        let name = path.split(separator: "/").last.map { Array($0.utf8) } ?? []
        try explaining { () throws(SystemError) in
            try ConfinedTree(directory, keepsOwners: false).remove(name)
        }
    }

    func explaining<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(ImageError) -> Value {
        do throws(SystemError) { return try body() } catch { throw ImageError(.fileSystem, "\(error)") }
    }
}
