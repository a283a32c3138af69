import Foundation
import TestSupport
import Testing

@testable import Tokenizer

@Suite(.bounded) struct VocabularyTests {
    @Test func `a vocabulary of one's own encodes as its merges say`() throws {
        let encoding = Encoding(try Small.vocabulary())
        #expect(encoding.encode("abc") == [259])
        #expect(encoding.encode("abab") == [256, 256])
        // "bc" came before "abc", but after "ab".
        #expect(encoding.encode("bca") == [257, UInt32(UInt8(ascii: "a"))])
        #expect(encoding.encode("aab") == [UInt32(UInt8(ascii: "a")), 256])
        #expect(try encoding.decode([259, 258]) == Array("abc  ".utf8))
    }

    @Test func `what is no vocabulary is refused`() throws {
        for bytes in [
            [], Array("o200k".utf8), [UInt8](repeating: 0, count: 4096), Array("{\"a\": 1, \"b\": [2]}..".utf8),
        ] {
            try expectRefusal(of: bytes)
        }
        #expect(throws: TokenizerError.self) { try Vocabulary("/nowhere/at/all") }
        #expect(throws: TokenizerError.self) { try Vocabulary(FileManager.default.temporaryDirectory.path()) }
    }

    @Test func `a file cut short anywhere, or with more after it, is refused`() throws {
        let bytes = try Small.bytes()
        try Small.open(bytes)
        var cuts = Array(stride(from: 0, to: bytes.count, by: bytes.count / 50))
        cuts += [4, 8, 79, 80, 81, bytes.count - 4, bytes.count - 1]
        for cut in cuts { try expectRefusal(of: Array(bytes[..<cut])) }
        try expectRefusal(of: bytes + [0, 0, 0, 0])
    }

    @Test func `a file with any one bit turned is refused`() throws {
        let bytes = try Small.bytes()
        var generator = SplitMix(seed: 3)
        for bit in (0..<(VocabularyHeader.wordCount * 32)) where bit % 3 == 0 {
            try expectRefusal(of: bytes, turned: bit)
        }
        for _ in 0..<200 { try expectRefusal(of: bytes, turned: generator.below(bytes.count * 8)) }
    }

    /// The checksum keeps out accidents; a file that somebody forged must do no harm either.
    @Test func `a forged file is refused, or encodes something`() throws {
        let text = Array("The abc and  abcabc, bcbcaaab aaaaaab\n\u{E9}  bcaabcaab".utf8)
        var generator = SplitMix(seed: 4)
        var refused = 0
        for _ in 0..<400 {
            var words = try Small.words()
            let index = 4 + generator.below(generator.below(2) == 0 ? 5 : words.count - 4)
            words[index] = Self.forged(words[index], &generator)
            words.seal()
            do {
                let encoding = Encoding(try Small.open(words.bytes))
                var encoder = IncrementalEncoder(encoding)
                #expect(try !encoding.decode(encoding.encode(text.span)).isEmpty)
                #expect(try !encoding.decode(encoder.feed(text.span) + encoder.finish()).isEmpty)
            } catch {
                refused += 1
            }
        }
        #expect((100..<350).contains(refused))
    }

    private static func forged(_ word: UInt32, _ generator: inout SplitMix) -> UInt32 {
        switch generator.below(4) {
        case 0: .random(in: 0 ... .max, using: &generator)
        case 1: UInt32(generator.below(300))
        case 2: word ^ 1
        default: word &+ UInt32(generator.below(5)) &- 2
        }
    }

    @Test func `the official text only is installed`() throws {
        try TemporaryFile.with { path in
            let text = Array("IQ== 0\nIg== 1\n".utf8)
            #expect(throws: TokenizerError.self) { try Vocabulary.install(text: text.span, at: path) }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test(arguments: [
        "IQ== 1\n", "IQ== 0", "I!== 0\n", "0\n", " 0\n", "IQ==\n", "IQ== 0\n\n", "IQ== 99999999999999999999\n",
    ])
    func `a malformed list of tokens is refused`(text: String) {
        #expect(throws: TokenizerError.self) { try Vocabulary.tokens(in: text.utf8.span) }
    }

    @Test func `a list of tokens is read`() throws {
        #expect(try Vocabulary.tokens(in: "IQ== 0\nIg== 1\nYWJj 2\n".utf8.span) == [[0x21], [0x22], Array("abc".utf8)])
    }

    @Test func `a token that no merge makes is refused`() {
        #expect(throws: TokenizerError.self) {
            try VocabularyBuilder(Small.bytesAlone + [Array("abc".utf8)], digest: Small.digest)
        }
    }

    @Test func `a file is replaced while it is open`() throws {
        try TemporaryFile.with { path in
            try MappedFile.write(Small.words(), to: path)
            let old = Encoding(try Vocabulary(path))
            try MappedFile.write(VocabularyBuilder(Small.bytesAlone, digest: Small.digest).words, to: path)
            #expect(old.encode("abc") == [259])
            #expect(Encoding(try Vocabulary(path)).encode("abc") == [97, 98, 99])
        }
    }

    @Test func `nothing is left of a file that cannot be put in its place`() throws {
        try TemporaryFile.with { path in
            try FileManager.default.createDirectory(atPath: "\(path)/taken/x", withIntermediateDirectories: true)
            #expect(throws: TokenizerError.self) { try MappedFile.write(Small.words(), to: "\(path)/taken") }
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["taken"])
        }
    }

    @Test func `the user's own vocabulary is looked for first`() {
        let own = ["HOME": "/home/a", "XDG_DATA_HOME": "/data"]
        #expect(Vocabulary.usualPaths { own[$0] }.first == "/data/harmonium/o200k.vocabulary")
        let paths = Vocabulary.usualPaths { $0 == "HOME" ? "/home/a" : nil }
        #expect(paths.first == "/home/a/.local/share/harmonium/o200k.vocabulary")
        #expect(paths.last == "/usr/share/harmonium/o200k.vocabulary")
        #expect(Vocabulary.usualPaths { _ in nil }.count == 3)
    }

    private func expectRefusal(of bytes: [UInt8], turned bit: Int? = nil) throws {
        var bytes = bytes
        if let bit { bytes[bit / 8] ^= 1 << UInt8(bit % 8) }
        let error = #expect(throws: TokenizerError.self) { try Small.open(bytes) }
        #expect(error?.code == .invalidFile)
    }
}

/// A vocabulary of all bytes and a few words.
private enum Small {
    static let bytesAlone = (0...255).map { [UInt8($0)] }
    static let tokens = bytesAlone + ["ab", "bc", "  ", "abc", "aa"].map { Array($0.utf8) }
    static let digest = [UInt8](repeating: 7, count: 32)

    private static let built = Result { try VocabularyBuilder(tokens, digest: digest).words }

    static func words() throws -> [UInt32] { try built.get() }
    static func bytes() throws -> [UInt8] { try words().bytes }
    static func vocabulary() throws -> Vocabulary { try open(bytes()) }

    @discardableResult
    static func open(_ bytes: [UInt8]) throws -> Vocabulary {
        try TemporaryFile.with { path in
            try Data(bytes).write(to: URL(filePath: path))
            return try Vocabulary(path)
        }
    }
}

extension [UInt32] {
    /// As they are in a file.
    fileprivate var bytes: [UInt8] {
        flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
    }

    /// Makes the checksum right.
    fileprivate mutating func seal() {
        let sum = VocabularyHeader.sum(span)
        self[VocabularyHeader.checksum.lowerBound] = UInt32(truncatingIfNeeded: sum)
        self[VocabularyHeader.checksum.lowerBound + 1] = UInt32(truncatingIfNeeded: sum >> 32)
    }
}
