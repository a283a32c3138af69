package import SystemCodecs

/// How the bytes of a page are text, by the labels of the WHATWG's Encoding standard.
package enum PageEncoding: Equatable, Sendable {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian
    case legacy(LegacyEncoding)
    /// Encodings that pages could hide markup with: nothing of them is shown.
    case replacement

    private static let labelBytesMax = 64

    /// The encoding that a server or a page calls `label`; nil if the label is unknown.
    init?(label: some StringProtocol) {
        let trimmed = Array(label.utf8.prefix(PageEncoding.labelBytesMax)).drop { $0.isHTMLSpace }
        guard let end = trimmed.lastIndex(where: { !$0.isHTMLSpace }) else { return nil }
        let name = String(decoding: trimmed[...end], as: UTF8.self).lowercased()
        guard let encoding = PageEncoding.labels[name] else { return nil }
        self = encoding
    }

    /// All of `bytes` as text; what cannot be read becomes U+FFFD.
    func decode(_ bytes: [UInt8]) throws -> String {
        switch self {
        case .utf8: String(decoding: bytes, as: UTF8.self)
        case .utf16LittleEndian: PageEncoding.utf16(bytes) { UInt16($1) << 8 | UInt16($0) }
        case .utf16BigEndian: PageEncoding.utf16(bytes) { UInt16($0) << 8 | UInt16($1) }
        case .legacy(let encoding): String(decoding: try encoding.utf8(bytes), as: UTF8.self)
        case .replacement: bytes.isEmpty ? "" : "\u{FFFD}"
        }
    }

    private static func utf16(_ bytes: [UInt8], _ unit: (UInt8, UInt8) -> UInt16) -> String {
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
        return String(decoding: units, as: UTF16.self) + (bytes.count % 2 == 0 ? "" : "\u{FFFD}")
    }
}

extension UInt8 {
    /// What separates words in markup.
    var isHTMLSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0c || self == 0x0d }
}
