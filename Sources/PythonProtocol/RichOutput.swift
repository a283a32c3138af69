/// Something other than text that a cell showed, such as a figure. Sandboxed code says what it is: a claim.
public struct RichOutput: Equatable, Sendable {
    /// The longest MIME type, in bytes.
    public static let mimeTypeBytesMax = 64
    /// The most of these that one run may show; further ones are dropped.
    public static let perRunMax = 8
    /// The longest content, in bytes.
    public static let contentBytesMax = 4 << 20

    /// Such as `image/png`; ASCII letters, digits and `/+.-`.
    public let mimeType: String
    /// The content itself.
    public let content: [UInt8]

    /// Nil if the type or the content is longer than it may be, or the type is no MIME type.
    public init?(mimeType: String, content: [UInt8]) {
        let type = Array(mimeType.utf8)
        guard (1...RichOutput.mimeTypeBytesMax).contains(type.count), type.allSatisfy(\.isOfMIMEType),
            content.count <= RichOutput.contentBytesMax
        else { return nil }
        self.mimeType = mimeType
        self.content = content
    }

    var encoded: [UInt8] {
        [UInt8(mimeType.utf8.count)] + mimeType.utf8 + content
    }

    init?(encoded bytes: [UInt8]) {
        guard let count = bytes.first.map(Int.init), count > 0, bytes.count > count else { return nil }
        let type = String(decoding: bytes[1...count], as: UTF8.self)
        self.init(mimeType: type, content: Array(bytes[(count + 1)...]))
    }
}

extension UInt8 {
    fileprivate var isOfMIMEType: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
