import PythonText
import TestSupport
import Testing

@Suite(.bounded) struct PythonTextTests {
    @Test(arguments: [
        ("a", true), ("_", true), ("é", true), ("漢", true), ("½", true), ("٣", true), ("-", false), ("\u{301}", false),
        ("—", false), ("😀", false),
    ])
    func `word characters are letters and numbers, not marks`(character: String, isWord: Bool) {
        let scalar = character.unicodeScalars.first?.value ?? 0
        #expect(ScalarSet.word.contains(scalar) == isWord)
    }

    /// They have been letters since Unicode 16 and 17, and the reference has 15.1.
    @Test(arguments: [0x1C89, 0xA7CB, 0x10D50, 0x16EA0] as [UInt32])
    func `letters of a later Unicode are none`(scalar: UInt32) {
        #expect(!ScalarSet.word.contains(scalar))
        var bytes: [UInt8] = []
        bytes.append(scalar: scalar)
        #expect(LetterCase.lowered(bytes) == bytes)
    }

    @Test(arguments: [
        ("ΑΣ", "ας"), ("Σ", "σ"), ("ΑΣΑ", "ασα"), ("ΑΣ.", "ας."), ("İ", "i̇"), ("ÀÉ", "àé"), ("ДЖ", "дж"), ("Ꭰ", "ꭰ"),
        ("𐐀", "𐐨"),
    ])
    func `lower case knows more than ASCII`(text: String, lowered: String) {
        #expect(String(decoding: LetterCase.lowered(Array(text.utf8)), as: UTF8.self).utf8.elementsEqual(lowered.utf8))
    }

    @Test(arguments: [
        ("http://[::1]/", nil), ("http://[::1%25eth0]/", nil), ("http://[1:2:3:4:5:6:7:8]/", nil),
        ("http://[::1.2.3.4]/", nil), ("http://[v1.x]/", nil),
        ("http://[1.2.3.4]/", "An IPv4 address cannot be in brackets"),
        ("http://[v1]/", "IPvFuture address is invalid"), ("http://[x", "Invalid IPv6 URL"),
        ("http://[1::2::3]/", "'1::2::3' does not appear to be an IPv4 or IPv6 address"),
        ("http://[1:2:3:4:5:6:7:8:9]/", "'1:2:3:4:5:6:7:8:9' does not appear to be an IPv4 or IPv6 address"),
    ])
    func `hosts in brackets are addresses`(url: String, complaint: String?) {
        var said: String?
        do throws(URLReference.Malformed) { _ = try URLReference(Array(url.utf8)) } catch { said = error.message }
        #expect(said == complaint)
    }

    @Test func `every scalar is read as it was written`() {
        for scalar in stride(from: 0 as UInt32, to: 0x110000, by: 97) where Unicode.Scalar(scalar) != nil {
            var bytes: [UInt8] = [0x20]
            bytes.append(scalar: scalar)
            #expect(bytes.scalar(at: 1) == (scalar, bytes.count - 1))
            #expect(bytes.scalar(before: bytes.count) == (scalar, bytes.count - 1))
        }
    }
}

@Suite(.bounded) struct PercentEncodingTests {
    @Test(arguments: [
        ("a%20b", "a b"), ("%C3%A9", "é"), ("100%", nil), ("%4", nil), ("%zz", nil), ("%%41", nil), ("", ""),
        ("%2541", "%41"),
    ])
    func `what is malformed is not decoded`(text: String, decoded: String?) {
        let bytes = PercentEncoding.decode(Array(text.utf8))
        #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == decoded)
    }

    @Test func `only what is named is escaped`() {
        let escaped = PercentEncoding.escape(Array("a (b)é".utf8)) { $0 == UInt8(ascii: "(") || $0 >= 0x80 }
        #expect(String(decoding: escaped, as: UTF8.self) == "a %28b)%C3%A9")
    }
}
