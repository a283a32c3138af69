/// A search, or a change of the local index, that came to nothing.
package struct SearchError: Error, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    package enum Code: Equatable, Sendable {
        /// The address of a service is missing or malformed.
        case badAddress
        /// The service wants a key and has none.
        case missingKey
        /// The service does not know the key.
        case unauthorized
        /// The service knows who asks, and refuses.
        case forbidden
        /// The service was asked too often; how long it wants to be left alone, if it said.
        case tooManyRequests(retryAfter: Duration?)
        /// Any other answer that is no success, with its status.
        case refused(status: Int)
        /// There was no answer in time.
        case timedOut
        /// There is no connection, or it broke.
        case unreachable
        /// The answer is not what the service promises.
        case malformed
        /// The answer is longer than any should be.
        case tooLarge
        /// None of several providers answered, or of the engines of one.
        case noneAnswered
        /// The caller cancelled the search.
        case cancelled
        /// The file of the index belongs to somebody else, or to another version.
        case foreignFile
        /// The file of the index is damaged.
        case damaged
        /// The file of the index cannot be read or written.
        case storage
        /// A name or directory that cannot be a corpus, or is not one.
        case badCorpus
        /// No page of the index has this URL.
        case noSuchPage
        /// The page is in the index and cannot be read now.
        case unreadablePage
    }

    /// What went wrong.
    package let code: Code
    /// What went wrong as a sentence, without keys and without what a stranger wrote.
    package let message: String
    /// The failure underneath, for the log.
    package let cause: (any Error)?

    package var description: String { message }

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}
