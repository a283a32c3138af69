internal import NetworkAccess
internal import PythonText

/// A URL of the web, read strictly: what two programs could read differently is refused.
///
/// ``init(_:)`` looks nothing up and sends nothing. Whether the host may be opened is for ``HopVetting`` to say.
struct WebURL: Equatable, Sendable {
    enum Scheme: String, Sendable {
        case http
        case https

        var defaultPort: Int {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    static let bytesMax = 8192

    let scheme: Scheme
    let host: WebHost
    let port: Int
    /// The path, from `/` on, and the query: visible ASCII.
    let target: String
    /// What follows `#`; empty if nothing does.
    let fragment: String
    /// As it was written, without `view-source:` and blanks around it; blanks in it are escaped.
    let text: String

    init(_ written: String) throws(FetchError) {
        guard written.utf8.count <= WebURL.bytesMax else {
            throw FetchError(.syntax, "the URL is longer than \(WebURL.bytesMax) bytes")
        }
        let text = WebURL.withoutViewSource(WebURL.trimmed(written))
        let (scheme, afterScheme) = try WebURL.readScheme(of: text)
        try WebURL.refuseUnclear(text)
        guard afterScheme.utf8.starts(with: "//".utf8) else {
            throw FetchError(.syntax, "the URL has no `//` after `\(scheme):`")
        }
        let rest = Substring(afterScheme.utf8.dropFirst(2))
        let authority = rest.before("/?#")
        let (hostText, portText) = try WebURL.split(authority)
        self.scheme = scheme
        self.text = WebURL.withEscapedBlanks(text)
        host = try WebHost(hostText)
        port = try portText.map(WebURL.readPort) ?? scheme.defaultPort
        (target, fragment) = WebURL.readTarget(rest[authority.endIndex...])
    }

    /// The URL without its fragment, written in one way only.
    var key: String { origin + target }

    /// The whole URL, written in one way only.
    var normalized: String { fragment.isEmpty ? key : "\(key)#\(fragment)" }

    /// As the `Host` field says it.
    var authority: String { port == scheme.defaultPort ? "\(host)" : "\(host):\(port)" }

    private var origin: String { "\(scheme)://\(authority)" }

    /// Where a redirection to what is `written` leads from here.
    func following(_ written: String) throws(FetchError) -> WebURL {
        let reference = String(WebURL.trimmed(written))
        try WebURL.refuseUnclear(reference[...])
        if WebURL.hasScheme(reference) {
            // `view-source:` is for those who ask.
            guard WebURL.withoutViewSource(reference[...]) == reference else {
                throw FetchError(.scheme, "`view-source:` cannot be opened")
            }
            return try WebURL(reference)
        }
        if reference.hasPrefix("//") { return try WebURL("\(scheme):\(reference)") }
        if reference.hasPrefix("/") { return try WebURL(origin + reference) }
        let path = target[...].before("?")
        if reference.hasPrefix("?") { return try WebURL(origin + path + reference) }
        if reference.hasPrefix("#") { return try WebURL(origin + target + reference) }
        return try WebURL("\(origin)\(path[...(path.lastIndex(of: "/") ?? path.startIndex)])\(reference)")
    }

    private static func withoutViewSource(_ text: Substring) -> Substring {
        let prefix = "view-source:"
        return text.prefix(prefix.count).lowercased() == prefix ? text.dropFirst(prefix.count) : text
    }

    /// Blanks around a URL are none of it, to browsers too.
    private static func trimmed(_ text: String) -> Substring {
        let scalars = text.unicodeScalars
        let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
        let end = scalars.lastIndex { !$0.properties.isWhitespace }.map(scalars.index(after:)) ?? start
        return text[start..<end]
    }

    private static func withEscapedBlanks(_ text: Substring) -> String {
        text.unicodeScalars.map { $0.properties.isWhitespace ? percentEncoded("\($0)"[...]) : "\($0)" }.joined()
    }

    private static func hasScheme(_ text: some StringProtocol) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let name = text.utf8[..<colon]
        guard name.first?.isLetter == true else { return false }
        return name.allSatisfy { $0.isLetter || $0.isDigit || "+-.".utf8.contains($0) }
    }

    private static func readScheme(of text: Substring) throws(FetchError) -> (Scheme, Substring) {
        guard hasScheme(text), let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            throw FetchError(.syntax, "this is no URL; write one that begins with `https://`")
        }
        let name = text[..<colon].lowercased()
        guard let scheme = Scheme(rawValue: name) else {
            throw FetchError(.scheme, "`\(name.prefix(32)):` cannot be opened, only `http:` and `https:` can")
        }
        return (scheme, Substring(text.utf8[colon...].dropFirst()))
    }

    /// Controls, ends of lines and backslashes: parsers differ on them, and some end a line of the request. Blanks are
    /// escaped in a path; a host has none.
    private static func refuseUnclear(_ text: Substring) throws(FetchError) {
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
            guard !isControl, scalar.value != 0x2028, scalar.value != 0x2029, scalar != "\\" else {
                throw FetchError(.syntax, "the URL contains the end of a line, a control character or a backslash")
            }
        }
    }

    private static func split(_ authority: Substring) throws(FetchError) -> (host: Substring, port: Substring?) {
        guard !authority.utf8.contains(UInt8(ascii: "@")) else {
            throw FetchError(.userinfo, "the URL contains a user name or a password, which are never sent")
        }
        // Only a colon after the bracket can begin a port.
        let hostStart = authority.utf8.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
        let host = authority[..<hostStart] + authority[hostStart...].before(":")
        let port = authority.utf8.dropFirst(host.utf8.count + 1)
        return (host, port.isEmpty ? nil : Substring(port))
    }

    private static func readPort(_ text: Substring) throws(FetchError) -> Int {
        guard text.utf8.count <= 8, text.utf8.allSatisfy(\.isDigit), let port = Int(text), port <= 65535 else {
            throw FetchError(.syntax, "`\(text.prefix(32))` is no port")
        }
        return port
    }

    private static func readTarget(_ text: Substring) -> (target: String, fragment: String) {
        let whole = text.before("#")
        let path = whole.before("?")
        let target = withoutDotSegments(path) + percentEncoded(whole[path.endIndex...])
        return (target, withEscapedBlanks(Substring(text.utf8[whole.endIndex...].dropFirst())))
    }

    private static func withoutDotSegments(_ path: Substring) -> String {
        var kept: [Substring] = []
        let segments = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, segment) in segments.map(Substring.init).enumerated() {
            let isLast = index == segments.count - 1
            switch segment.lowercased().replacing("%2e", with: ".") {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + percentEncoded(kept.joined(separator: "/")[...])
    }

    private static func percentEncoded(_ text: Substring) -> String {
        let bytes = PercentEncoding.escape(Array(text.utf8)) { byte in
            byte <= 0x20 || byte >= 0x7f || "\"<>^`{|}".utf8.contains(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Substring {
    /// What stands before the first of these ASCII characters: all of it if none is there.
    ///
    /// Bytes are compared, not characters: `/` stays `/` when an accent follows it.
    func before(_ ends: String) -> Substring {
        self[..<(utf8.firstIndex { ends.utf8.contains($0) } ?? endIndex)]
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self) }
    var hexDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
