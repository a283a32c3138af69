internal import SystemCodecs

extension PageEncoding {
    /// `bytes` as text, in the encoding that ``detect(_:serverLabel:isMarkup:)`` finds for them.
    ///
    /// - Throws: `FetchError`, where this machine has no converter for it.
    package static func text(
        of bytes: [UInt8],
        serverLabel: String? = nil,
        isMarkup: Bool
    ) throws -> String {
        let (encoding, mark) = detect(bytes, serverLabel: serverLabel, isMarkup: isMarkup)
        return try encoding.decode(mark == 0 ? bytes : Array(bytes.dropFirst(mark)))
    }

    /// The encoding of a page, and how many of its first bytes say only that.
    ///
    /// In this order: byte order mark, what the server says, `<meta>`, the XML declaration, UTF-8 where most of the bytes
    /// are that, and an East Asian encoding where they are plainly one. The last resort is what browsers take for the
    /// West.
    static func detect(
        _ bytes: [UInt8],
        serverLabel: String?,
        isMarkup: Bool
    ) -> (encoding: PageEncoding, mark: Int) {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { return (.utf8, 3) }
        if bytes.starts(with: [0xfe, 0xff]) { return (.utf16BigEndian, 2) }
        if bytes.starts(with: [0xff, 0xfe]) { return (.utf16LittleEndian, 2) }
        if let said = serverLabel.flatMap({ PageEncoding(label: $0) }) { return (said, 0) }
        if isMarkup, let said = MetaPrescan.encoding(in: bytes) ?? declared(in: bytes) { return (said, 0) }
        if isMostlyUTF8(bytes) { return (.utf8, 0) }
        return (EastAsianGuess.encoding(of: bytes).map { .legacy($0) } ?? .legacy(.windows1252), 0)
    }

    /// Whether `bytes` are UTF-8, but for a few that somebody broke: at least four whole characters for each broken one.
    ///
    /// The last character may be cut.
    private static func isMostlyUTF8(_ bytes: [UInt8]) -> Bool {
        if String(validating: bytes, as: UTF8.self) != nil { return true }
        var (wholeCount, brokenCount) = (0, 0)
        var index = 0
        while index < bytes.count {
            let length = bytes.utf8Length(at: index)
            if length > 1 { wholeCount += 1 }
            if length == 0 {
                if isCutCharacter(bytes[index...]) { break }
                brokenCount += 1
            }
            index += max(1, length)
        }
        return wholeCount > 0 && wholeCount >= 4 * brokenCount
    }

    /// Whether `tail` is the beginning of a character, and nothing else.
    private static func isCutCharacter(_ tail: ArraySlice<UInt8>) -> Bool {
        tail.count < 4 && tail.first.map { $0 >= 0xc2 } ?? false && tail.dropFirst().allSatisfy { $0 & 0xc0 == 0x80 }
    }

    /// What an XML declaration at the very start says.
    private static func declared(in bytes: [UInt8]) -> PageEncoding? {
        guard bytes.starts(with: Array("<?xml".utf8)) else { return nil }
        let head = bytes.prefix(1024)
        guard let end = head.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let declaration = String(decoding: head[..<end], as: UTF8.self)
        guard let match = declaration.firstMatch(of: #/encoding\s*=\s*(?:"([^"]*)"|'([^']*)')/#) else { return nil }
        return PageEncoding(label: match.1 ?? match.2 ?? "")?.asDeclared
    }

    /// A declaration that can be read byte by byte is not UTF-16.
    var asDeclared: PageEncoding {
        switch self {
        case .utf16LittleEndian, .utf16BigEndian: .utf8
        case .utf8, .legacy, .replacement: self
        }
    }
}

extension [UInt8] {
    /// How many bytes the character of UTF-8 takes that begins at `index`; 0 if there is none.
    fileprivate func utf8Length(at index: Int) -> Int {
        let length =
            switch self[index] {
            case ..<0x80: 1
            case 0xc2..<0xe0: 2
            case 0xe0..<0xf0: 3
            case 0xf0..<0xf5: 4
            default: 0
            }
        guard length > 0, index + length <= count else { return 0 }
        return self[index + 1..<index + length].allSatisfy { $0 & 0xc0 == 0x80 } ? length : 0
    }
}
