internal import JSON

/// What an image says of the programs in it.
public struct ImageConfiguration: Equatable, Sendable {
    /// What is added to the environment, as `NAME=value`.
    public var environment: [String] = []
    /// Where programs begin; `/` if nil.
    public var directory: String?
    /// Whose programs they are; root if nil.
    public var user: String?
    /// The processor, as Go calls it, such as `amd64`; nil if it does not say.
    public var architecture: String?
    /// The digests of the layers without compression.
    var layerDigests: [String] = []

    init() {}

    /// Reads the configuration of an OCI or Docker image.
    init(_ json: JSONValue) {
        environment = (json["config"]?["Env"]?.array ?? []).compactMap(\.string).filter { $0.contains("=") }
        directory = json["config"]?["WorkingDir"]?.string.flatMap { $0.hasPrefix("/") ? $0 : nil }
        user = json["config"]?["User"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        architecture = json["architecture"]?.string
        layerDigests = (json["rootfs"]?["diff_ids"]?.array ?? []).compactMap(\.string)
    }

    /// The architecture of this machine.
    static var machineArchitecture: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #else
            "unknown"
        #endif
    }
}
