import SystemCodecs
import TestSupport
import Testing

@Suite(.bounded) struct LegacyEncodingTests {
    private func text(_ encoding: LegacyEncoding, _ bytes: [UInt8]) throws -> String {
        String(decoding: try encoding.utf8(bytes), as: UTF8.self)
    }

    @Test(arguments: LegacyEncoding.allCases)
    func `this machine converts it, and ASCII stays what it is`(encoding: LegacyEncoding) throws {
        let ascii = (0x20...0x7e).map { UInt8($0) }.filter { $0 != 0x5c && $0 != 0x7e } + [0x0a, 0x09]
        #expect(try encoding.utf8(ascii) == ascii)
        #expect(try encoding.utf8([]) == [])
    }

    @Test(
        arguments: [
            (.windows1252, [0x80, 0x81, 0xe9], "€\u{81}é"), (.windows1251, [0xcf, 0xf0, 0x98], "Пр\u{98}"),
            (.iso8859part2, [0xb1, 0xe6], "ąć"), (.iso8859part3, [0xa5], "\u{FFFD}"), (.koi8r, [0xcd, 0xc9], "ми"),
            (.shiftJIS, [0x93, 0xfa, 0x96, 0x7b, 0x5c], "日本\\"), (.eucJP, [0xc6, 0xfc, 0x8e, 0xb1], "日ｱ"),
            (.iso2022JP, [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42, 0x61], "日a"),
            (.eucKR, [0xb5, 0xee, 0xb4, 0xeb], "등대"), (.eucKR, [0x41, 0xa2, 0xe8], "A\u{FFFD}"),
            (.big5, [0xbf, 0x4f, 0xb6, 0xf0], "燈塔"),
            (.gb18030, [0xb5, 0xc6, 0xcb, 0xfe, 0x81, 0x39, 0xee, 0x39], "灯塔㐀"),
            (.macintosh, [0x8e], "é"), (.ibm866, [0x8f], "П"), (.windows874, [0xa1], "ก"), (.macCyrillic, [0xb4], "і"),
        ] as [(LegacyEncoding, [UInt8], String)]
    )
    func `known bytes are known characters`(encoding: LegacyEncoding, bytes: [UInt8], expected: String) throws {
        #expect(try text(encoding, bytes) == expected)
    }

    @Test(
        arguments: [
            (.shiftJIS, [0x81, 0x3c, 0x62, 0x3e], "\u{FFFD}<b>"), (.big5, [0x81, 0xff, 0x61], "\u{FFFD}a"),
            (.eucKR, [0xff, 0x3c], "\u{FFFD}<"), (.gb18030, [0x61, 0x81], "a\u{FFFD}"), (.eucJP, [0x8f], "\u{FFFD}"),
        ] as [(LegacyEncoding, [UInt8], String)]
    )
    func `a stray byte never takes markup with it`(encoding: LegacyEncoding, bytes: [UInt8], expected: String) throws {
        #expect(try text(encoding, bytes) == expected)
    }

    @Test func `text is converted piece by piece, whatever its length`() throws {
        let bytes = Array(repeating: [0x93, 0xfa, 0x61] as [UInt8], count: 200_001).flatMap(\.self)
        #expect(try text(.shiftJIS, bytes) == String(repeating: "日a", count: 200_001))
        #expect(try text(.windows1251, Array(repeating: 0xcf, count: 65_537)) == String(repeating: "П", count: 65_537))
    }

    @Test func `what ends badly does not change what comes next`() throws {
        // A shift that is never taken back.
        _ = try text(.iso2022JP, [0x1b, 0x24, 0x42, 0x46])
        #expect(try text(.iso2022JP, [0x46, 0x7c]) == "F|")
    }
}
