internal import PythonText

/// Where a page of the local index is: `local://corpus/path`.
struct LocalAddress: Hashable, Sendable {
    let corpus: String
    /// Below the directory of the corpus, without dots in it that mean a directory; empty for the directory itself.
    let path: String

    static let scheme = "local://"
    private static let urlBytesMax = 4096

    init(corpus: String, path: String) {
        self.corpus = corpus
        self.path = path
    }

    /// Reads a URL, leaving out its query and its fragment; nil if it leads out of the corpus or is not local.
    init?(_ url: String) {
        guard url.utf8.count <= Self.urlBytesMax, url.lowercased().hasPrefix(Self.scheme) else { return nil }
        let rest = url.utf8.dropFirst(Self.scheme.utf8.count).prefix { !"?#".utf8.contains($0) }
        let name = String(decoding: rest.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self).lowercased()
        guard Self.isName(name) else { return nil }
        let bytes = PercentEncoding.unquoteToBytes(Array(rest.dropFirst(name.utf8.count))[...])
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { return nil }
        guard let path = Self.resolved(text) else { return nil }
        self.init(corpus: name, path: path)
    }

    var url: String {
        let quoted = PercentEncoding.quote(Array(path.utf8))
        return "\(Self.scheme)\(corpus)/\(String(decoding: quoted, as: UTF8.self))"
    }

    /// Whether `text` can name a corpus: 1 to 64 lower-case letters, digits and hyphens, not a hyphen first.
    static func isName(_ text: String) -> Bool {
        let isOfName = { (byte: UInt8) in
            byte &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-")
        }
        return (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isOfName)
            && text.utf8.first != UInt8(ascii: "-")
    }

    /// The path without empty segments and dots; nil if it climbs above where it begins.
    private static func resolved(_ path: String) -> String? {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." {
                guard segments.popLast() != nil else { return nil }
            } else {
                segments.append(segment)
            }
        }
        return segments.joined(separator: "/")
    }
}
