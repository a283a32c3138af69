import TestSupport
import Testing

@testable import WebFetch

@Suite(.bounded) struct WebURLTests {
    @Test(arguments: [
        ("http://pub.example", "http://pub.example/", "pub.example", 80),
        ("https://pub.example/a?b#c", "https://pub.example/a?b#c", "pub.example", 443),
        ("HTTPS://PUB.Example./", "https://pub.example/", "pub.example", 443),
        ("view-source:https://pub.example/x", "https://pub.example/x", "pub.example", 443),
        ("VIEW-SOURCE:http://pub.example/x", "http://pub.example/x", "pub.example", 80),
        ("http://pub.example:/", "http://pub.example/", "pub.example", 80),
        ("http://pub.example:0080/", "http://pub.example/", "pub.example", 80),
        ("http://pub.example:8080?q", "http://pub.example:8080/?q", "pub.example:8080", 8080),
        ("https://pub.example#@127.0.0.1/", "https://pub.example/#@127.0.0.1/", "pub.example", 443),
        ("https://pub.example?@127.0.0.1/", "https://pub.example/?@127.0.0.1/", "pub.example", 443),
        ("https://pub.example/a/../b/./c/..", "https://pub.example/b/", "pub.example", 443),
        ("https://pub.example/../../%2e%2E/x", "https://pub.example/x", "pub.example", 443),
        ("https://pub.example/%0d%0aX:%201", "https://pub.example/%0d%0aX:%201", "pub.example", 443),
        ("https://pub.example/ä\"<>|", "https://pub.example/%C3%A4%22%3C%3E%7C", "pub.example", 443),
        ("https://pub.example/\u{301}@b/", "https://pub.example/%CC%81@b/", "pub.example", 443),
        (" \thttps://pub.example/a b?c d#e f\n", "https://pub.example/a%20b?c%20d#e%20f", "pub.example", 443),
        ("https://pub.example/a\u{3000}b\u{a0}", "https://pub.example/a%E3%80%80b", "pub.example", 443),
        (" view-source:https://pub.example/ ", "https://pub.example/", "pub.example", 443),
        ("http://[2606:2800:21f::1]:8080/", "http://[2606:2800:21f:0:0:0:0:1]:8080/", nil, 8080),
    ])
    func `a URL is read in one way`(text: String, normalized: String, authority: String?, port: Int) throws {
        let url = try WebURL(text)
        #expect(url.normalized == normalized)
        #expect(url.port == port)
        if let authority { #expect(url.authority == authority) }
        #expect(try WebURL(normalized).normalized == normalized)
    }

    @Test(arguments: [
        ("", FetchError.Code.syntax), ("pub.example/x", .syntax), ("//pub.example/", .syntax), ("https://", .syntax),
        ("https:///x", .syntax), ("https:/pub.example", .syntax), ("https:pub.example", .syntax),
        ("1http://a.b", .syntax),
        ("https://pub.example/a\tb", .syntax), ("https://pub.example/a\nb", .syntax),
        ("https://pub .example/", .syntax), ("https://pub.example :80/", .syntax), ("https: //pub.example/", .syntax),
        ("https://exa mple.com/", .syntax), ("https://pub.example\\@127.0.0.1/", .syntax),
        ("https://pub.example\r\nHost: x/", .syntax), ("https://pub.example/\u{0}", .syntax),
        ("https://pub.example/\u{7f}", .syntax), ("https://pub.example/\u{85}x", .syntax),
        ("https://pub.example/\u{2028}x", .syntax), ("https://pub\u{3000}x.example/", .syntax),
        ("https://pub.example:99999/", .syntax), ("https://pub.example:-1/", .syntax),
        ("https://pub.example:8o/", .syntax),
        ("https://pub.example:80:80/", .syntax), ("https://pub.example:٨٠/", .syntax),
        ("https://pub..example/", .syntax), ("https://.example/", .syntax), ("https://pub.example../", .syntax),
        ("https://pub%2fx.example/", .syntax), ("https://pub%2.example/", .syntax),
        ("https://pub%zz.example/", .syntax),
        ("https://pub%00.example/", .syntax), ("https://pub%ff.example/", .syntax),
        ("https://pub%252e.example/", .syntax),
        ("https://a.example%40b.example/", .syntax), ("https://a%3a80.example/", .syntax),
        ("https://a*b.example/", .syntax),
        ("https://[::1/", .syntax), ("https://[::1]x/", .syntax), ("https://[127.0.0.1]/", .syntax),
        ("https://[fe80::1%25eth0]/", .syntax), ("https://[1::2::3]/", .syntax), ("https://x[::1]/", .syntax),
        ("https://256.256.256.256/", .syntax), ("https://1.2.3.4.5/", .syntax), ("https://4294967296/", .syntax),
        ("https://0x100000000/", .syntax), ("https://08.1/", .syntax), ("https://a.0x/", .syntax),
        ("https://a.1/", .syntax),
        ("https://user:pass@pub.example/", .userinfo), ("https://@pub.example/", .userinfo),
        ("https://pub.example:443@169.254.169.254/", .userinfo),
        ("ftp://pub.example/", .scheme), ("file:///etc/passwd", .scheme), ("javascript:alert('a b')", .scheme),
        ("data:text/html,x", .scheme), ("view-source:view-source:https://pub.example/", .scheme),
        ("view-source:file:///etc/passwd", .scheme), ("http+unix://%2Frun/x", .scheme), ("HTTPS+x://a.b/", .scheme),
    ])
    func `what two parsers could read differently is refused`(text: String, code: FetchError.Code) {
        #expect(throws: FetchError.self) { try WebURL(text) }
        do {
            _ = try WebURL(text)
        } catch {
            #expect(error.code == code, "\(error.reason)")
        }
    }

    @Test func `a URL has a length`() {
        let base = "https://pub.example/"
        #expect(throws: Never.self) { try WebURL(base + String(repeating: "a", count: 8192 - base.count)) }
        #expect(throws: FetchError.self) { try WebURL(base + String(repeating: "a", count: 8193 - base.count)) }
    }

    @Test(arguments: [
        ("127.1", "127.0.0.1"), ("127.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"),
        ("0X7F.0.0.1", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"), ("127.000.000.001", "127.0.0.1"), ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"), ("127.0.0.1.", "127.0.0.1"), ("127。0。0。1", "127.0.0.1"), ("127｡0．0.1", "127.0.0.1"),
        ("①②⑦.⓪.⓪.①", "127.0.0.1"), ("１２７.0.0.1", "127.0.0.1"), ("𝟏𝟐𝟕.𝟎.𝟎.𝟏", "127.0.0.1"), ("¹²⁷.₀.0.1", "127.0.0.1"),
        ("%31%32%37.0.0.1", "127.0.0.1"), ("%EF%BC%9127.0.0.1", "127.0.0.1"), ("1\u{ad}27.0.0.1", "127.0.0.1"),
        ("1.2.3", "1.2.0.3"), ("1.65535", "1.0.255.255"), ("4294967295", "255.255.255.255"),
        ("00000000000000000000177.1", "127.0.0.1"), ("ⓔⓧⓐⓜⓟⓛⓔ.example", "example.example"), ("ＬＯＣＡＬＨＯＳＴ", "localhost"),
        ("bücher.example", "xn--bcher-kva.example"), ("BÜCHER.example", "xn--bcher-kva.example"),
        ("faß.example", "xn--fa-hia.example"), ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("مثال.example", "xn--mgbh0fb.example"), ("中国.example", "xn--fiqs8s.example"),
        ("𝓔𝔁.ﬁ.example", "ex.fi.example"),
        ("K.example", "k.example"), ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("a_b.example", "a_b.example"),
        ("ドメイン名例.example", "xn--eckwd4c7cu47r2wf.example"),
    ])
    func `a host is what a resolver would make of it`(host: String, read: String) throws {
        #expect("\(try WebURL("http://\(host)/").host)" == read)
    }

    @Test(arguments: [
        ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
        ("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"),
        ("なぜみんな日本語を話してくれないのか", "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"), ("ไทย", "xn--o3cw4h"),
        ("ελληνικά", "xn--hxargifdar"), ("münchen-ost", "xn--mnchen-ost-9db"), ("plain", "plain"),
        ("लोगक्योंनहींबोलसकतेहैं", "xn--i1baa7eci9g3a1b0a4ah2fkg9hufta5bdg9a"),
        ("세계의모든사람들이한국어를이해한다면", "xn--989aomm9k97bua391bj7dz9bgnz01c5mb232a29emld0708cea54b"),
    ])
    func `an international label is written as everybody writes it`(label: String, encoded: String) {
        #expect(Punycode.label(label[...]) == encoded)
    }

    @Test func `no URL stops the reader, and what it reads can be asked for`() {
        var random = SplitMix(seed: 7)
        let pieces = [
            "http", "https", "view-source", ":", "//", "/", "?", "#", "@", "[", "]", "::1", "1.2.3.4", "0x7f", "127",
            ".", "..",
            "%31", "%", "%zz", "pub.example", "ü", "①", "。", "xn--", "-", "_", "\u{301}", "\u{200d}", " ", "\\", "\r\n",
            "\0",
            "80", "65536", "a", "ß", "𝟏", "\u{202e}", "日本", "~", "|",
        ]
        var readCount = 0
        for _ in 0..<20_000 {
            let isLikely = random.next() % 2 == 0
            let text = (0..<random.next() % 8).reduce(isLikely ? "http://" : "") { text, _ in
                text + pieces[Int(random.next() % UInt64(pieces.count))]
            }
            guard let url = try? WebURL(text) else { continue }
            readCount += 1
            #expect(url.target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } && url.target.hasPrefix("/"), "\(text)")
            #expect(url.authority.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x40 }, "\(text)")
            #expect((try? WebURL(url.normalized))?.key == url.key, "\(text)")
        }
        #expect(readCount > 1000)
    }

    @Test(arguments: [
        "℀.example", "a\u{200d}b.example", "a\u{200c}b.example", "u\u{308}.example", "i❤.example", "½.example",
        "㏂.example", "\u{202e}a.example", "xn--ü.example", "…example", "⑴.example", "ｶﾞ.example", "가\u{11a8}.example",
    ])
    func `a host whose mapping is not certain is refused`(host: String) {
        #expect(throws: FetchError.self) { try WebURL("http://\(host)/") }
    }

    @Test(arguments: [
        ("https://other.example/x", "https://other.example/x"), ("//other.example/x", "https://other.example/x"),
        ("/x", "https://pub.example:8443/x"), ("x", "https://pub.example:8443/a/x"),
        ("./x", "https://pub.example:8443/a/x"),
        ("../x", "https://pub.example:8443/x"), ("../../../x", "https://pub.example:8443/x"),
        ("?q=2", "https://pub.example:8443/a/b?q=2"), ("#f", "https://pub.example:8443/a/b?q=1/2#f"),
        ("x:y", nil), ("view-source:https://other.example/", nil), ("file:///etc/passwd", nil),
        ("https://a.example/\r\nSet-Cookie: a=b", nil), (" /a b ", "https://pub.example:8443/a%20b"),
        ("x?a b", "https://pub.example:8443/a/x?a%20b"), ("/a\tb", nil),
        ("//user@other.example/", nil), ("\\\\other.example", nil), ("///x", nil),
    ])
    func `a redirection leads where a browser would go, or nowhere`(reference: String, target: String?) throws {
        let url = try WebURL("https://pub.example:8443/a/b?q=1/2")
        #expect((try? url.following(reference))?.normalized == target)
    }
}
