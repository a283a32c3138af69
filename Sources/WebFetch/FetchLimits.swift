/// How much one fetch may take of the outside, and of this machine.
public struct FetchLimits: Sendable {
    /// Redirections that are followed.
    public var redirectsMax = 8
    /// How long a name may take to be found, and again one address to answer.
    public var connectTime = Duration.seconds(5)
    /// How long a server may take to begin its answer once it is connected.
    public var firstByteTime = Duration.seconds(15)
    /// How long everything may take that waits for others: turns, names, servers, redirections.
    public var totalTime = Duration.seconds(30)
    /// Bytes of a body, on the wire and of its text; the rest is cut off, and said to be.
    public var bodyBytesMax = 8 << 20
    /// Bytes of the body of an answer that is no success.
    public var errorBodyBytesMax = 64 << 10
    /// How long the body of an answer that is no success may take.
    public var errorBodyTime = Duration.seconds(3)
    /// How long the body of a page may take until what has come of it is shown.
    public var bodyTime = Duration.seconds(20)
    /// So many bytes of a page that does not come to its end in that time are shown; fewer are worth nothing.
    public var partBytesMin = 256
    /// A body that is announced to be longer is refused before it is read.
    public var announcedBytesMax = 64 << 20
    /// Bytes that a compressed body may become.
    public var inflatedBytesMax = 16 << 20
    /// How many times larger a body may become, once it is larger than ``ratioFreeBytes``.
    public var inflationRatioMax = 200
    /// What may be inflated without a look at the ratio: small pages of blanks are no bombs.
    public var ratioFreeBytes = 1 << 20
    /// Bytes of an answer before its body.
    public var headBytesMax = 64 << 10
    /// Fields in the head of an answer.
    public var headFieldsMax = 100
    /// Fetches at a time.
    public var fetchesMax = 32
    /// Fetches that may wait for those.
    public var fetchesWaitingMax = 64
    /// Fetches from one host at a time.
    public var perHostMax = 2
    /// Fetches from one host that may wait for those.
    public var perHostWaitingMax = 16
    /// What passes between the beginnings of two fetches from one host.
    public var perHostPause = Duration.seconds(1)
    /// PDF documents that become text at a time.
    public var documentsMax = 2
    /// PDF documents that may wait for those.
    public var documentsWaitingMax = 16
    /// How long a PDF may take to become text.
    public var documentTime = Duration.seconds(20)
    /// Pages that are kept for those who ask again.
    public var cachedPagesMax = 128
    /// Bytes of text that are kept.
    public var cachedBytesMax = 32 << 20

    /// The defaults, to be changed one by one.
    public init() {}
}
