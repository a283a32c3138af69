/// The files of sessions, whatever keeps them.
public protocol SessionFiles: Sendable {
    /// The files of a session; nil if there is no such session.
    func list(session: String) async throws(SessionFileError) -> [SessionFile]?

    /// Reads a file of a session; false if there is no such session.
    ///
    /// `output` is awaited for each piece before the next is read.
    func read(
        _ path: String,
        session: String,
        output: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(SessionFileError) -> Bool

    /// Makes or replaces a file of a session, which comes to be, for `client`, if there is none.
    func write(
        _ path: String,
        _ content: [UInt8],
        session: String,
        client: String
    ) async throws(SessionFileError)
}

/// A file of a session.
public struct SessionFile: Equatable, Sendable {
    /// The path below `/mnt/data`.
    public let path: String
    /// The size in bytes.
    public let bytes: UInt64

    /// A file as it was listed.
    public init(path: String, bytes: UInt64) {
        self.path = path
        self.bytes = bytes
    }
}

/// A request for a file that was not carried out.
public struct SessionFileError: Error, Equatable, Sendable {
    /// Who is to do something about it.
    public enum Kind: Equatable, Sendable {
        /// There is no such file.
        case notFound
        /// The request cannot be meant: a path that is none, a file that is none.
        case badRequest
        /// It is too large, or there is no room for it.
        case tooLarge
        /// Not now: too many sessions, or no sandbox.
        case unavailable
    }

    /// Who is to do something.
    public let kind: Kind
    /// What went wrong, as a sentence.
    public let sentence: String

    /// A refusal with its reason.
    public init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
    }
}
