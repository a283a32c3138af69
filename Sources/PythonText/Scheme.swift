/// What `urllib.parse` knows of a scheme, and that `local` is one like `file`.
struct Scheme {
    private let entry: Traits

    private struct Traits: OptionSet {
        let rawValue: UInt8
        static let relative = Traits(rawValue: 1)
        static let authority = Traits(rawValue: 2)
        static let parameters = Traits(rawValue: 4)
    }

    init(_ name: [UInt8]) {
        if name.elementsEqual("https".utf8) || name.elementsEqual("http".utf8) {
            entry = [.relative, .authority, .parameters]
            return
        }
        entry =
            switch String(decoding: name, as: UTF8.self) {
            case "", "ftp", "http", "imap", "prospero", "https", "shttp", "rtsp", "rtsps", "rtspu", "mms", "sftp":
                [.relative, .authority, .parameters]
            case "file", "gopher", "local", "nntp", "svn", "svn+ssh", "wais", "ws", "wss": [.relative, .authority]
            case "telnet", "snews", "rsync", "nfs", "git", "git+ssh", "itms-services": [.authority]
            case "hdl", "sip", "sips", "tel": [.parameters]
            default: []
            }
    }

    /// Whether a reference without a scheme of its own can be resolved against it.
    var isRelative: Bool { entry.contains(.relative) }
    /// Whether `//` and an authority follow it.
    var hasAuthority: Bool { entry.contains(.authority) }
    /// Whether the last segment of its path may have parameters.
    var hasParameters: Bool { entry.contains(.parameters) }
}
