import Foundation

/// Files for one test each.
enum TemporaryFile {
    /// Lends the path of a file that is not there yet, and removes it.
    static func with<Result>(_ body: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).vocabulary")
        defer { try? FileManager.default.removeItem(at: file) }
        return try body(file.path(percentEncoded: false))
    }
}
