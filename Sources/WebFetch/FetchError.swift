/// A page that cannot be shown, and why, in words that a model can act on.
public struct FetchError: Error, Equatable, Sendable {
    /// Which rule or limit ended it; the raw value is for logs and counters.
    public enum Code: String, CaseIterable, Sendable {
        /// The URL cannot be read, or says two things at once.
        case syntax
        /// Neither `http` nor `https`.
        case scheme
        /// A name or a password stands in the URL.
        case userinfo
        /// A name of a local network.
        case host
        /// A port that belongs to another protocol.
        case port
        /// An address that is not public.
        case address
        /// The name leads nowhere.
        case resolve
        /// No connection, or one that ended too early.
        case connection
        /// No connection that is safe from third parties.
        case tls
        /// An answer that is not HTTP.
        case protocolViolation = "protocol"
        /// More header than is read.
        case headers
        /// A redirection without an end or a target.
        case redirects
        /// Another status than success.
        case status
        /// A page that is to keep out programs, instead of what was asked for.
        case challenge
        /// More bytes than are read.
        case size
        /// A compression that was not offered, is damaged, or is a bomb.
        case decompression
        /// Nothing that can be shown as text.
        case contentType = "content-type"
        /// Too slow.
        case timeout
        /// Too many fetches from one host wait.
        case busy
        /// The site wants no programs there.
        case robots
        /// Its scripts could not be run.
        case scripts
        /// The caller gave up.
        case cancelled
    }

    /// Which rule or limit ended it.
    public let code: Code
    /// The reason in one sentence, without the URL.
    public let reason: String
    /// The URL as it was asked for.
    public internal(set) var url = ""
    /// What the server says instead of the page, where the code is `status` and it says something in words.
    public internal(set) var page: FetchedPage?

    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }
}

extension FetchError: CustomStringConvertible {
    /// The sentence for the model: ``Error fetching URL `…`: …``, each part cut to 1024 characters.
    public var description: String { "Error fetching URL `\(FetchError.cut(url))`: \(FetchError.cut(reason))" }

    private static let shownMax = 1024

    private static func cut(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > shownMax else { return text }
        return String(scalars.prefix(shownMax - 3)) + "..."
    }
}
