/// The package's own table of hostile URLs, each decided before a byte is sent; with a control for each kind.
extension SSRFCase {
    static let hostileURLs: [SSRFCase] =
        refused(
            "scheme",
            [
                "file:///etc/shadow", "file://localhost/etc/passwd", "ftp://pub.example/", "gopher://pub.example:70/_x",
                "dict://10.0.0.1:2628/", "ldap://10.0.0.1/", "tftp://10.0.0.1/x", "data:text/html,x", "javascript:1",
                "about:config", "ws://pub.example/", "view-source:file:///etc/hosts", "unix:/run/x.sock",
                "jar:http://pub.example!/",
            ]
        )
        + refused(
            "syntax",
            [
                "http:", "http://", "http:///x", "//pub.example/", "pub.example", "http://pub.example:65536/",
                "http://pub.example:-1/", "http://pub.example:8o/", "http://[::1/", "http://::1/", "http://1.2.3.256/",
                "http://0x7f.0x0.0x0.0x100/", "http://pub example/", "http://pub.example\r\nX: y/",
                "http://pub.example/\r\nHost: x", "http://pub.example\t/", "http://pub.example\\@127.0.0.1/",
                "http://pub..example/",
            ]
        )
        + refused(
            "userinfo",
            [
                "http://admin@pub.example/", "http://:pw@pub.example/", "https://pub.example@10.0.0.1/",
                "http://a:b@169.254.169.254/",
            ]
        )
        + refused(
            "host",
            [
                "http://localhost/", "http://LocalHost:80/", "http://a.localhost./", "http://router/",
                "http://nas.local/",
                "http://vault.internal/", "http://intra.corp/", "http://hidden.onion/",
                "http://metadata.google.internal/",
                "http://x.home.arpa/",
            ]
        )
        + refused(
            "port",
            [21, 23, 69, 111, 119, 135, 139, 143, 389, 587, 636, 993, 2375, 2379, 3306, 6000, 6667, 11211, 27017]
                .map {
                    "http://pub.example:\($0)/"
                }
        )
        + refused("address", hostileLiterals) + answers + allowed

    /// Literals of all spellings that `inet_aton` and browsers read, and of all blocks that are not public.
    private static let hostileLiterals =
        [
            "127.0.0.2", "127.1.1", "0x7f000001", "017700000001", "0x7f.1", "127.0.0.1.", "%31%37%32.16.0.9",
            "１０.０.０.１",
            "①⓪.0.0.1", "10。1。2。3", "0.0.0.1", "10.255.255.255", "100.64.1.1", "100.100.100.200", "168.63.129.16",
            "169.254.0.1", "169.254.170.2", "2851995902", "0xa9fea9fe", "172.20.1.1", "192.0.0.8", "192.0.2.5",
            "192.88.99.1", "192.168.255.255", "198.19.255.255", "198.51.100.9", "203.0.113.1", "225.0.0.1",
            "250.1.2.3", "255.255.255.255",
        ].map { "http://\($0)/" }
        + [
            "::", "::1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1",
            "2001::7f00:1", "2001:db8:1::1", "2002:a00:1::", "3fff:f::1", "5f00::1", "fc00::1", "fd00:ec2::254",
            "fe80::1", "fec0::1", "ff05::2", "4001::1",
        ].map { "http://[\($0)]/" }

    /// Names whose addresses decide.
    private static let answers: [SSRFCase] = [
        answered("private", [["192.168.1.1"]], refusedAs: "address"),
        answered("loopback-6", [["::1"]], refusedAs: "address"),
        answered("metadata", [["169.254.169.254"]], refusedAs: "address"),
        answered("mapped", [["::ffff:127.0.0.1"]], refusedAs: "address"),
        answered("public-then-private", [["93.184.215.14", "10.0.0.1"]], refusedAs: "address"),
        answered("private-then-public", [["fd12::1", "2606:2800:21f::1"]], refusedAs: "address"),
        answered("rebound", [["10.0.0.1"], ["93.184.215.14"]], refusedAs: "address"),
        answered("nowhere", [[]], refusedAs: "resolve"),
        answered("public", [["93.184.215.14"]], refusedAs: nil),
        answered("public-6", [["2606:2800:21f::1", "93.184.215.14"]], refusedAs: nil),
    ]

    /// What only looks hostile.
    private static let allowed: [SSRFCase] = [
        "http://pub.example/", "https://PUB.example:443/x?y=http://127.0.0.1/", "http://pub.example:8080/#@10.0.0.1",
        "http://pub.example/%0d%0aX:y", "http://172.15.255.255/", "http://172.32.0.1/", "http://11.0.0.1/",
        "http://100.128.0.1/", "http://223.255.255.254/", "http://[2606:2800:21f::1]/", "http://[2001:200::1]/",
    ].map { url in
        SSRFCase(id: "own-allowed \(url)", kind: "url", url: url, dns: publicName, expect: "allow")
    }

    private static let publicName = ["pub.example": Answers([["93.184.215.14"]])]

    private static func refused(_ code: String, _ urls: [String]) -> [SSRFCase] {
        urls.map { url in
            // A literal needs no answer, and a case without answers says so.
            let dns = code == "address" ? nil : publicName
            return SSRFCase(
                id: "own-\(code) \(url.debugDescription)",
                kind: "url",
                url: url,
                dns: dns,
                expect: "block",
                code: code
            )
        }
    }

    private static func answered(_ name: String, _ lists: [[String]], refusedAs code: String?) -> SSRFCase {
        SSRFCase(
            id: "own-\(name)",
            kind: "url",
            url: "http://\(name).example/",
            dns: ["\(name).example": Answers(lists)],
            expect: code == nil ? "allow" : "block",
            code: code
        )
    }
}

/// The package's own table of hostile servers, after a first hop that is allowed.
extension SSRFCase {
    static let hostileServers: [SSRFCase] = [
        served("local-file", [Reply(status: 301, location: "file:///etc/passwd")], code: "scheme"),
        served("data", [Reply(status: 302, location: "data:text/html,x")], code: "scheme"),
        served("to-private-name", [Reply(status: 307, location: "https://int.example/")], code: "address"),
        served("to-metadata", [Reply(status: 302, location: "http://169.254.169.254/latest")], code: "address"),
        served("to-loopback", [Reply(status: 308, location: "http://[::1]/")], code: "address"),
        served("to-local-name", [Reply(status: 302, location: "http://localhost/")], code: "host"),
        served("to-blocked-port", [Reply(status: 302, location: "https://int.example:25/")], code: "port"),
        served("to-userinfo", [Reply(status: 302, location: "https://a:b@pub.example/")], code: "userinfo"),
        served("loop", [Reply(status: 302, location: "https://pub.example/r")], code: "redirects"),
        served("no-target", [Reply(status: 302)], code: "redirects"),
        served("type", [Reply(headers: ["Content-Type": "image/gif"], body: "GIF")], code: "content-type"),
        served("length", [Reply(headers: ["Content-Length": "99999999999"])], code: "size"),
        served("unknown-coding", [Reply(headers: ["Content-Encoding": "compress"])], code: "decompression"),
        served("stacked-coding", [Reply(headers: ["Content-Encoding": "gzip, deflate, gzip"])], code: "decompression"),
        served("not-http", [Reply(behavior: "HTTP/0.9 response without status line")], code: "protocol"),
        served("long-head", [Reply(behavior: "100 KB of response headers")], code: "headers"),
        served("silent", [Reply(behavior: "accepts TCP, never answers")], code: "timeout"),
        served("slow", [Reply(body: "1 byte per 10 s")], code: "timeout"),
        served("expired", [Reply(behavior: "self-signed or expired certificate")], code: "tls"),
        served("old-tls", [Reply(behavior: "TLS server offers only TLS 1.0")], code: "tls"),
        served("gone", [Reply(status: 410)], expect: "error", code: "status"),
        served("long-body", [Reply(body: "10 MB of HTML, no Content-Length")], expect: "truncate", code: "size"),
        served("relative", [Reply(status: 303, location: "next"), Reply()], expect: "allow"),
        served("to-plain", [Reply(status: 302, location: "http://pub.example/x"), Reply()], expect: "allow"),
        served(
            "mentions",
            [Reply(body: "<img src=http://10.0.0.1/><script src=http://127.0.0.1/></script>")],
            expect: "allow"
        ),
        served("plain", [Reply(body: "<p>hello</p>")], expect: "allow"),
    ]

    private static func served(
        _ name: String,
        _ replies: [Reply],
        expect: String = "block",
        code: String? = nil
    ) -> SSRFCase {
        SSRFCase(
            id: "own-\(name)",
            kind: "response",
            url: "https://pub.example/r",
            dns: ["pub.example": Answers([["93.184.215.14"]]), "int.example": Answers([["10.0.0.1"]])],
            server: replies,
            expect: expect,
            code: code
        )
    }
}
