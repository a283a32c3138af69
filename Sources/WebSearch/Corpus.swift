/// A directory of documents in the local index.
package struct Corpus: Equatable, Sendable {
    /// What it is called, also in the URLs of its pages.
    package let name: String
    /// Where it is.
    package let directory: String
    /// How many documents can be found.
    package let documentCount: Int
    /// How many cannot, because they could not be read.
    package let unreadableCount: Int
}

/// How far an update has come.
package struct IndexProgress: Equatable, Sendable {
    /// Files that are done with.
    package let done: Int
    /// Files that are new or changed.
    package let total: Int
}

/// What an update did.
package struct IndexReport: Equatable, Sendable {
    /// A file that could not be read, and why.
    package struct Problem: Equatable, Sendable {
        /// Below the directory of the corpus.
        package let path: String
        /// What follows on its name in a sentence: `has no text`.
        package let reason: String
    }

    /// Documents that were not in the index.
    package internal(set) var addedCount = 0
    /// Documents whose text is another one now.
    package internal(set) var changedCount = 0
    /// Documents that are as they were.
    package internal(set) var unchangedCount = 0
    /// Documents that are gone.
    package internal(set) var removedCount = 0
    /// New or changed files that could not be read.
    package internal(set) var unreadableCount = 0
    /// The first of those.
    package internal(set) var problems: [Problem] = []
    /// Whether there are more files than an index takes, and some were left out.
    package internal(set) var isTruncated = false

    static let problemsMax = 20
}

/// A page of the local index, as it is on disk now.
package struct LocalPage: Equatable, Sendable {
    /// The URL of the page itself, if it was asked for by another one.
    package let url: String
    /// As it was when the page was indexed.
    package let title: String
    /// `text/html`, `text/markdown` or `text/plain`.
    package let contentType: String
    /// UTF-8.
    package let body: [UInt8]
}
