internal import NetworkAccess

/// What a session asks of the proxy, read strictly: what two parsers might read in two ways is refused.
struct RequestHead: Sendable {
    enum Kind: Equatable, Sendable {
        /// A tunnel for raw bytes.
        case tunnel
        /// A request to pass on, with its path and query.
        case forward(path: String)
    }

    let method: String
    let destination: Destination
    let kind: Kind
    let framing: BodyFraming
    private let version: String
    private let fields: HeaderFields

    /// Reads a head up to and including the empty line.
    init(_ bytes: [UInt8]) throws(Refusal) {
        let lines = bytes[...].splitLines()
        guard let first = lines.first, let fields = HeaderFields(lines: lines.dropFirst()),
            lines.reduce(2, { $0 + $1.count + 2 }) == bytes.count
        else { throw .malformed("its head is not made of lines of HTTP") }
        let words = first.split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[0].allSatisfy(\.isTokenByte),
            words[1].allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw .malformed("its first line is not `METHOD target HTTP/1.1`") }
        let version = String(decoding: words[2], as: UTF8.self)
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else { throw .malformed("its version is not HTTP/1.1") }
        self.method = String(decoding: words[0], as: UTF8.self)
        self.version = version
        self.fields = fields
        self.framing = try RequestHead.framing(of: fields, version: version)
        let target = String(decoding: words[1], as: UTF8.self)
        (destination, kind) = try RequestHead.target(target, method: method)
        guard kind != .tunnel || framing == .none else { throw .malformed("CONNECT has no body") }
    }

    /// The head as the host shall get it: on a connection of its own, with a `Host` that says where it goes.
    var forwarded: [UInt8] {
        guard case .forward(let path) = kind else { preconditionFailure("a tunnel has no head to forward") }
        let start = "\(method) \(path) \(version)\r\nHost: \(destination.authority)\r\n"
        return Array(start.utf8) + fields.endToEnd().without(["host"]).encoded
            + Array("Connection: close\r\n\r\n".utf8)
    }

    private static func framing(of fields: HeaderFields, version: String) throws(Refusal) -> BodyFraming {
        guard let framing = BodyFraming(fields) else {
            throw .malformed("it does not say in one clear way where its body ends")
        }
        guard framing != .chunked || version == "HTTP/1.1" else { throw .malformed("HTTP/1.0 has no chunks") }
        // A request without a length has no body.
        return framing == .untilClose ? .none : framing
    }

    private static func target(_ text: String, method: String) throws(Refusal) -> (Destination, Kind) {
        if method == "CONNECT" {
            guard let destination = Destination(authority: text) else {
                throw .malformed("its target is not a plain `host:port`")
            }
            return (destination, .tunnel)
        }
        guard text.prefix(7).lowercased() == "http://" else {
            throw .malformed("this is a proxy: ask it for `http://host/path`, or with CONNECT for `host:port`")
        }
        let rest = text.dropFirst(7)
        let authority = rest.prefix { !"/?#\\".contains($0) }
        var path = rest.dropFirst(authority.count).prefix { $0 != "#" }
        guard let destination = Destination(authority: authority, defaultPort: 80), path.first != "\\" else {
            throw .malformed("its target is not a plain `http://host:port/path`, without user or password")
        }
        if path.isEmpty { path = method == "OPTIONS" ? "*" : "/" }
        return (destination, .forward(path: (path.hasPrefix("?") ? "/" : "") + path))
    }
}
