internal import Digest

extension Vocabulary {
    /// Makes the file at `path` from the official text of the vocabulary, and replaces what is there.
    ///
    /// The text is that of `o200k_base.tiktoken`: on each line a token in base64, a space, and its rank. From wherever
    /// it comes, it is trusted only if its SHA-256 is `officialDigest`. The file is there whole or not at all; processes
    /// that have the old one open keep it. Takes about a second.
    ///
    /// - Throws: `TokenizerError`, for another text than the official one, and where the file cannot be written.
    public static func install(text: Span<UInt8>, at path: String) throws(TokenizerError) {
        let digest = SHA256.digest(of: text)
        let name = SHA256.text(of: digest)
        guard name == officialDigest else {
            throw TokenizerError(.foreignText, "the text's SHA-256 is \(name), and \(officialDigest) is wanted")
        }
        let builder = try VocabularyBuilder(tokens(in: text), digest: digest)
        try MappedFile.write(builder.words, to: path)
    }

    /// Where a vocabulary is looked for when no setting says where it is, the user's own place first.
    ///
    /// - Parameter environment: what an environment variable has, for `XDG_DATA_HOME` and `HOME`.
    public static func usualPaths(environment: (String) -> String?) -> [String] {
        let own =
            environment("XDG_DATA_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? environment("HOME").map { "\($0)/.local/share" }
        return ([own].compactMap(\.self) + ["/var/lib", "/usr/local/share", "/usr/share"]).map {
            "\($0)/harmonium/\(fileName)"
        }
    }

    /// The tokens that `text` lists, in the order of their ranks.
    static func tokens(in text: Span<UInt8>) throws(TokenizerError) -> [[UInt8]] {
        var tokens: [[UInt8]] = []
        var token: [UInt8] = []
        var offset = 0
        while offset < text.count {
            token.removeAll(keepingCapacity: true)
            offset = try readBase64(text, at: offset, into: &token)
            var rank = 0
            while offset < text.count, let digit = digit(text[offset]), rank < text.count {
                rank = rank * 10 + digit
                offset += 1
            }
            guard !token.isEmpty, rank == tokens.count, offset < text.count, text[offset] == UInt8(ascii: "\n") else {
                throw TokenizerError(.foreignText, "line \(tokens.count + 1): not a token and its rank")
            }
            offset += 1
            tokens.append(token)
        }
        return tokens
    }

    /// Reads base64 up to a space, and gives the offset after it.
    private static func readBase64(
        _ text: Span<UInt8>,
        at start: Int,
        into token: inout [UInt8]
    ) throws(TokenizerError) -> Int {
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        var offset = start
        while offset < text.count, text[offset] != UInt8(ascii: " ") {
            let byte = text[offset]
            offset += 1
            guard byte != UInt8(ascii: "=") else { continue }
            guard let value = base64Value(byte) else {
                throw TokenizerError(.foreignText, "byte \(offset - 1): not base64")
            }
            bits = bits << 6 | value
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                token.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        return offset + 1
    }

    private static func base64Value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
    }
}
