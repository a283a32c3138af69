internal import JSON

/// An image in the store.
public struct Image: Equatable, Sendable {
    /// What the image is called: letters, digits, `_`, `-` and `.`.
    public let name: String
    /// The SHA-256 of what it was made from: of an OCI manifest, a Docker configuration or a root file system's archive.
    public let digest: String
    /// The directory that becomes a session's lowest layer; only this user may reach it.
    public let path: String
    /// The content of all its archives, in bytes.
    public let bytes: Int
    /// How many files, directories and links its archives have.
    public let entries: Int
    /// Whether the files have the owners that they should have; else they are all this user's.
    public let keepsOwners: Bool
    /// What is to be known of it: what was left out or changed when it was imported.
    public let remarks: [String]
    /// What it says of its programs.
    public private(set) var configuration: ImageConfiguration

    /// The record that the store keeps beside the files.
    var record: JSONValue {
        var record: JSONObject = [
            "digest": .string(digest), "bytes": .integer(bytes), "entries": .integer(entries),
            "keepsOwners": .bool(keepsOwners), "remarks": .array(remarks.map { .string($0) }),
            "environment": .array(configuration.environment.map { .string($0) }),
        ]
        record["directory"] = configuration.directory.map { .string($0) }
        record["user"] = configuration.user.map { .string($0) }
        record["architecture"] = configuration.architecture.map { .string($0) }
        return .object(record)
    }
}

extension Image {
    /// An image as the store has recorded it in `directory`; nil for what is no record.
    init?(name: String, directory: String, record: JSONValue) {
        guard let digest = record["digest"]?.string, let bytes = record["bytes"]?.integer,
            let entries = record["entries"]?.integer, let keepsOwners = record["keepsOwners"]?.bool
        else { return nil }
        self.name = name
        self.digest = digest
        self.bytes = bytes
        self.entries = entries
        self.keepsOwners = keepsOwners
        path = "\(directory)/root"
        remarks = (record["remarks"]?.array ?? []).compactMap(\.string)
        configuration = ImageConfiguration()
        configuration.environment = (record["environment"]?.array ?? []).compactMap(\.string)
        configuration.directory = record["directory"]?.string
        configuration.user = record["user"]?.string
        configuration.architecture = record["architecture"]?.string
    }
}
