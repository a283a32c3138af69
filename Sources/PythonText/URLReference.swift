/// `urllib.parse.urljoin`, `urlsplit` and what the reference calls the domain of a URL.
///
/// This is not what browsers do with URLs: it is what the numbers and suffixes of links were made with.
package struct URLReference {
    /// A URL that cannot be split; `message` is what Python says of it.
    package struct Malformed: Error, Equatable {
        package let message: String
    }

    /// Without the colon, in lower case.
    package var scheme: [UInt8] = []
    /// User, host and port as they are written.
    package var authority: [UInt8] = []
    package var path: [UInt8] = []
    package var query: [UInt8] = []
    package var fragment: [UInt8] = []
    /// What follows a semicolon in the last segment of the path, where the scheme has such a thing.
    private var parameters: [UInt8] = []
    private let traits: Scheme

    /// Splits `text`; `scheme` is what a URL without one has.
    ///
    /// - Throws: ``Malformed``, where Python raises `ValueError`.
    package init(_ text: [UInt8], scheme: [UInt8] = []) throws(Malformed) {
        var rest = text.drop { $0 <= 0x20 }
        if rest.contains(where: Self.isRemoved) { rest = rest.filter { !Self.isRemoved($0) }[...] }
        self.scheme = scheme
        if let end = Self.endOfScheme(rest) {
            self.scheme = rest[..<end].map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
            rest = rest[(end + 1)...]
        }
        if rest.count >= 2, rest[rest.startIndex] == UInt8(ascii: "/"), rest[rest.startIndex + 1] == UInt8(ascii: "/") {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(where: Self.endsAuthority) ?? rest.endIndex
            authority = Array(rest[..<end])
            rest = rest[end...]
            try BracketedHost.check(authority)
        }
        fragment = Self.cutTail(of: &rest, from: UInt8(ascii: "#"))
        query = Self.cutTail(of: &rest, from: UInt8(ascii: "?"))
        try Self.checkNormalization(authority)
        traits = Scheme(self.scheme)
        let segment = rest.lastIndex(of: UInt8(ascii: "/")) ?? rest.startIndex
        if traits.hasParameters, let semicolon = rest[segment...].firstIndex(of: UInt8(ascii: ";")) {
            parameters = Array(rest[(semicolon + 1)...])
            rest = rest[..<semicolon]
        }
        path = Array(rest)
    }

    /// `reference` as seen from a page at `base`.
    ///
    /// - Throws: ``Malformed``, where Python raises `ValueError`.
    package static func join(_ base: [UInt8], _ reference: [UInt8]) throws(Malformed) -> [UInt8] {
        if base.isEmpty { return reference }
        if reference.isEmpty { return base }
        let from = try URLReference(base)
        return try from.resolving(reference)?.text ?? reference
    }

    /// The parts of `reference` as seen from here; nil if it says all by itself.
    ///
    /// - Throws: ``Malformed``, where Python raises `ValueError`.
    package func resolving(_ reference: [UInt8]) throws(Malformed) -> URLReference? {
        var joined = try URLReference(reference, scheme: scheme)
        guard joined.scheme == scheme, joined.traits.isRelative else { return nil }
        if joined.traits.hasAuthority {
            if !joined.authority.isEmpty { return joined }
            joined.authority = authority
        }
        if joined.path.isEmpty, joined.parameters.isEmpty {
            joined.path = path
            joined.parameters = parameters
            if joined.query.isEmpty { joined.query = query }
        } else {
            joined.path = Self.resolved(joined.path, from: path)
        }
        return joined
    }

    /// Whether the scheme is http or https.
    package var isWeb: Bool { scheme.elementsEqual("http".utf8) || scheme.elementsEqual("https".utf8) }

    /// Whether it leads into the local index.
    package var isLocal: Bool { scheme.elementsEqual("local".utf8) }

    /// The authority of a URL, and of what does not look like one to the reference: all up to its first slash.
    ///
    /// - Throws: ``Malformed``, where Python raises `ValueError`.
    package static func domain(of url: [UInt8]) throws(Malformed) -> [UInt8] {
        let isURL = url.firstIndex(of: Array("http".utf8)) != nil || url.starts(with: "local://".utf8)
        return try URLReference(isURL ? url : Array("http://".utf8) + url).authority
    }

    /// The parts put together again, which need not give what was split.
    package var text: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(scheme.count + authority.count + path.count + query.count + fragment.count + 8)
        if !scheme.isEmpty {
            text += scheme
            text.append(UInt8(ascii: ":"))
        }
        let begins = path.isEmpty ? parameters.isEmpty ? 0 : UInt8(ascii: ";") : path[0]
        if !authority.isEmpty {
            text += [UInt8(ascii: "/"), UInt8(ascii: "/")]
            text += authority
            if begins != 0, begins != UInt8(ascii: "/") { text.append(UInt8(ascii: "/")) }
        } else if path.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")])
            || (!scheme.isEmpty && traits.hasAuthority && (begins == 0 || begins == UInt8(ascii: "/")))
        {
            text += [UInt8(ascii: "/"), UInt8(ascii: "/")]
        }
        text += path
        Self.append(parameters, after: UInt8(ascii: ";"), to: &text)
        Self.append(query, after: UInt8(ascii: "?"), to: &text)
        Self.append(fragment, after: UInt8(ascii: "#"), to: &text)
        return text
    }

    private static func append(_ part: [UInt8], after mark: UInt8, to text: inout [UInt8]) {
        guard !part.isEmpty else { return }
        text.append(mark)
        text += part
    }

    private static func resolved(_ path: [UInt8], from base: [UInt8]) -> [UInt8] {
        // Most paths have no segment to leave out.
        if let first = path.first, first != UInt8(ascii: "."), !hasDotOrGap(path) {
            if first == UInt8(ascii: "/") { return path }
            if base.first == UInt8(ascii: "/"), !hasDotOrGap(base), let slash = base.lastIndex(of: UInt8(ascii: "/")) {
                return Array(base[...slash]) + path
            }
        }
        var segments = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if path.first != UInt8(ascii: "/") {
            var parts = base.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            if parts.last?.isEmpty == false { parts.removeLast() }
            segments = parts + segments
            let last = segments.count - 1
            segments = segments.enumerated().filter { $0 == 0 || $0 == last || !$1.isEmpty }.map(\.element)
        }
        let (here, above) = ([UInt8(ascii: ".")][...], [UInt8(ascii: "."), UInt8(ascii: ".")][...])
        var kept: [ArraySlice<UInt8>] = []
        for segment in segments {
            if segment == above { _ = kept.popLast() } else if segment != here { kept.append(segment) }
        }
        if let last = segments.last, last == here || last == above { kept.append([]) }
        let joined = Array(kept.joined(separator: [UInt8(ascii: "/")]))
        return joined.isEmpty ? [UInt8(ascii: "/")] : joined
    }

    /// Whether a segment begins with a dot, or is empty in the middle of the path.
    private static func hasDotOrGap(_ path: [UInt8]) -> Bool {
        for index in path.indices.dropFirst() where path[index - 1] == UInt8(ascii: "/") {
            if path[index] == UInt8(ascii: ".") || path[index] == UInt8(ascii: "/") { return true }
        }
        return false
    }

    /// Cuts off what follows the first `mark`, and the mark.
    private static func cutTail(of rest: inout ArraySlice<UInt8>, from mark: UInt8) -> [UInt8] {
        guard let index = rest.firstIndex(of: mark) else { return [] }
        defer { rest = rest[..<index] }
        return Array(rest[(index + 1)...])
    }

    private static func isRemoved(_ byte: UInt8) -> Bool { byte == 0x09 || byte == 0x0A || byte == 0x0D }

    /// Where the colon is that ends a scheme.
    private static func endOfScheme(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first, (first | 0x20) &- UInt8(ascii: "a") < 26 else { return nil }
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: ":"): return index
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                continue
            default: return nil
            }
        }
        return nil
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    /// Characters whose compatibility form holds one of `/?#@:`, which would move the end of the authority.
    private static let movers: Set<UInt32> = [
        0x2047, 0x2048, 0x2049, 0x2100, 0x2101, 0x2105, 0x2106, 0x2A74, 0xFE13, 0xFE16, 0xFE55, 0xFE56, 0xFE5F, 0xFE6B,
        0xFF03, 0xFF0F, 0xFF1A, 0xFF1F, 0xFF20,
    ]

    private static func checkNormalization(_ authority: [UInt8]) throws(Malformed) {
        guard authority.contains(where: { $0 >= 0x80 }) else { return }
        let text = String(decoding: authority, as: UTF8.self)
        guard text.unicodeScalars.contains(where: { movers.contains($0.value) }) else { return }
        throw Malformed(message: "netloc '\(text)' contains invalid characters under NFKC normalization")
    }
}
