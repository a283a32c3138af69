import Digest
import TestSupport
import Testing

/// The vectors of FIPS 180-4's examples.
@Suite(.bounded) struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (
            String(repeating: "a", count: 10_000),
            "27dd1f61b867b6a0f6e9d8a41c43231de52107e53ae424de8f847b821db4b711"
        ),
    ])
    func `a known text has its known digest`(text: String, digest: String) {
        #expect(SHA256.text(of: SHA256.digest(of: text.utf8.span)) == digest)
    }

    @Test(arguments: [1, 7, 63, 64, 65, 1000])
    func `pieces have the digest of the whole`(piece: Int) {
        let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var hash = SHA256()
        for start in stride(from: 0, to: bytes.count, by: piece) {
            hash.update(Array(bytes[start..<min(start + piece, bytes.count)]).span)
        }
        #expect(hash.finish() == SHA256.digest(of: bytes.span))
    }

    /// The padding is of another length around a block's end.
    @Test func `texts that differ in length by one have other digests`() {
        let digests = (50..<70).map { SHA256.digest(of: [UInt8](repeating: 0, count: $0).span) }
        #expect(Set(digests).count == digests.count)
    }
}
