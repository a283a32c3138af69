internal import Foundation

/// An empty directory that is removed with its owner.
public final class TemporaryDirectory: Sendable {
    /// Absolute.
    public let path: String

    /// Makes it, among the other temporary directories of this machine.
    public init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "harmonium-test-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
