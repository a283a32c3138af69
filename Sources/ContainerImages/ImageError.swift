/// An image that could not be imported, found or removed; nothing of it is left in the store.
public struct ImageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Code: Equatable, Sendable {
        /// The archive is damaged, or not of a kind that can be imported.
        case malformed
        /// The archive has what no image needs and an attack does.
        case hostile
        /// A digest is not that of the content.
        case digestMismatch
        /// The archive exceeds ``ImageLimits``.
        case tooLarge
        /// There is no such image, or none that was asked for in the archive.
        case notFound
        /// A session has the image in use.
        case inUse
        /// The store or the archive could not be read or written.
        case fileSystem
    }

    /// What went wrong.
    public let code: Code
    /// What went wrong and where.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
