internal import LinuxSystem

extension PageEncoding {
    /// `bytes` as text, in the encoding that ``detect(_:serverLabel:isMarkup:isCut:)`` finds for them.
    ///
    /// Throws where this machine has no converter for it.
    package static func text(
        of bytes: [UInt8],
        serverLabel: String? = nil,
        isMarkup: Bool,
        isCut: Bool = false
    ) throws -> String {
        let (encoding, mark) = detect(bytes, serverLabel: serverLabel, isMarkup: isMarkup, isCut: isCut)
        return try encoding.decode(mark == 0 ? bytes : Array(bytes.dropFirst(mark)))
    }

    /// The encoding of a page, and how many of its first bytes say only that.
    ///
    /// In this order: byte order mark, what the server says, `<meta>`, the XML declaration, and whether the bytes can be
    /// UTF-8 at all. The last resort is what browsers take for the West.
    static func detect(
        _ bytes: [UInt8],
        serverLabel: String?,
        isMarkup: Bool,
        isCut: Bool
    ) -> (encoding: PageEncoding, mark: Int) {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return (.utf8, 3) }
        if bytes.starts(with: [0xfe, 0xff]) { return (.utf16BigEndian, 2) }
        if bytes.starts(with: [0xff, 0xfe]) { return (.utf16LittleEndian, 2) }
        if let said = serverLabel.flatMap({ PageEncoding(label: $0) }) { return (said, 0) }
        if isMarkup, let said = MetaPrescan.encoding(in: bytes) ?? declared(in: bytes) { return (said, 0) }
        return (isUTF8(bytes, isCut: isCut) ? .utf8 : .legacy(.windows1252), 0)
    }

    /// Whether `bytes` are UTF-8; where they were cut, the last character may be too.
    private static func isUTF8(_ bytes: [UInt8], isCut: Bool) -> Bool {
        if String(validating: bytes, as: UTF8.self) != nil { return true }
        guard isCut, let lead = bytes.suffix(3).lastIndex(where: { $0 >= 0xc0 }) else { return false }
        return String(validating: bytes[..<lead], as: UTF8.self) != nil
    }

    /// What an XML declaration at the very start says.
    private static func declared(in bytes: [UInt8]) -> PageEncoding? {
        guard bytes.starts(with: Array("<?xml".utf8)) else { return nil }
        let head = bytes.prefix(MetaPrescan.bytesMax)
        guard let end = head.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let declaration = String(decoding: head[..<end], as: UTF8.self)
        guard let match = declaration.firstMatch(of: #/encoding\s*=\s*(?:"([^"]*)"|'([^']*)')/#) else { return nil }
        return PageEncoding(label: match.1 ?? match.2 ?? "")?.asDeclared
    }

    /// Whoever can read a declaration byte by byte is not reading UTF-16.
    var asDeclared: PageEncoding {
        switch self {
        case .utf16LittleEndian, .utf16BigEndian: .utf8
        case .utf8, .legacy, .replacement: self
        }
    }
}
