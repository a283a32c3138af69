/// A root that only these tests trust, and what it signed for `pub.example`. The key protects nothing.
enum TestCertificates {
    static let root = """
        -----BEGIN CERTIFICATE-----
        MIIBYDCCAQWgAwIBAgIBATAKBggqhkjOPQQDAjAeMRwwGgYDVQQDDBNIYXJtb25p
        dW0gdGVzdCByb290MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAe
        MRwwGgYDVQQDDBNIYXJtb25pdW0gdGVzdCByb290MFkwEwYHKoZIzj0CAQYIKoZI
        zj0DAQcDQgAErAORx2BoTSVjmNfXHNb0HaKZxKFjJn1SLxeMgXJAlPLAML8HDNAm
        ASX7xiEK4ylz7y3bWiACuDZu2pxUoX8IE6MyMDAwDwYDVR0TAQH/BAUwAwEB/zAd
        BgNVHQ4EFgQUYufsZgO8Pdqb0FzSs1HK63bgh4kwCgYIKoZIzj0EAwIDSQAwRgIh
        AJaHRfwXPvFp1ds9nu6chAGUA8r0OxkDPu6KZvn+EqDYAiEAos33y9aD5DCOfNPH
        BUZXSvJWFGe4Xt2fS27o6UVupOs=
        -----END CERTIFICATE-----
        """

    static let leaf = """
        -----BEGIN CERTIFICATE-----
        MIIBijCCATCgAwIBAgIBAjAKBggqhkjOPQQDAjAeMRwwGgYDVQQDDBNIYXJtb25p
        dW0gdGVzdCByb290MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAW
        MRQwEgYDVQQDDAtwdWIuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
        BLTKNm/3itZuwFpK8NRJ+615RVzoIEBgqvAflbTzLUtnWnvuzU8OUdJx/JYAcpvX
        +cOUmCJ+J4lHsdX2bs2hSx2jZTBjMBYGA1UdEQQPMA2CC3B1Yi5leGFtcGxlMAkG
        A1UdEwQCMAAwHQYDVR0OBBYEFNqnqjH2K/jYqo12sdikQTY3mKDkMB8GA1UdIwQY
        MBaAFGLn7GYDvD3am9Bc0rNRyut24IeJMAoGCCqGSM49BAMCA0gAMEUCIQDaKsc7
        7a7yFpcpDkIejNya6Mo/SGbfjlmEqbxSTWhf3wIgd9dx3huuQlnGdk4SjmffCXKJ
        TKJFDJho6nFBB10P9wg=
        -----END CERTIFICATE-----
        """

    static let expired = """
        -----BEGIN CERTIFICATE-----
        MIIBiTCCAS6gAwIBAgIBAzAKBggqhkjOPQQDAjAeMRwwGgYDVQQDDBNIYXJtb25p
        dW0gdGVzdCByb290MB4XDTIwMDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFowFjEU
        MBIGA1UEAwwLcHViLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAS0
        yjZv94rWbsBaSvDUSfuteUVc6CBAYKrwH5W08y1LZ1p77s1PDlHScfyWAHKb1/nD
        lJgifieJR7HV9m7NoUsdo2UwYzAWBgNVHREEDzANggtwdWIuZXhhbXBsZTAJBgNV
        HRMEAjAAMB0GA1UdDgQWBBTap6ox9iv42KqNdrHYpEE2N5ig5DAfBgNVHSMEGDAW
        gBRi5+xmA7w92pvQXNKzUcrrduCHiTAKBggqhkjOPQQDAgNJADBGAiEAqoT9jqS1
        Gs8zzI3R41Nx5uurKCtvXZO4U7AyPUy1V+wCIQCcU3oZtga6SbE3vC5I52NlgP38
        bQVPhmgQmeYB34MT9A==
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg2nLQl+0VYYzTaAbH
        ln+A8KZzPxWhkzC+MYqWtDgK6lOhRANCAAS0yjZv94rWbsBaSvDUSfuteUVc6CBA
        YKrwH5W08y1LZ1p77s1PDlHScfyWAHKb1/nDlJgifieJR7HV9m7NoUsd
        -----END PRIVATE KEY-----
        """
}
