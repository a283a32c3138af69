internal import SystemCodecs

extension PageEncoding {
    /// Every label, in lower case.
    static let labels: [String: PageEncoding] = {
        var labels: [String: PageEncoding] = [:]
        for (encoding, names) in table {
            for name in names.split(separator: " ") { labels[String(name)] = encoding }
        }
        return labels
    }()

    private static let table = unicode + western + central + eastern + asian

    private static let unicode: [(PageEncoding, String)] = [
        (.utf8, "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"),
        (.utf16BigEndian, "unicodefffe utf-16be"),
        (.utf16LittleEndian, "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"),
        (
            .replacement,
            "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement utf-7 csutf7 unicode-1-1-utf-7"
        ),
    ]

    private static let western: [(PageEncoding, String)] = [
        (
            .legacy(.windows1252),
            """
            ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 \
            iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 x-user-defined
            """
        ),
        (.legacy(.iso8859part3), latin(3, "csisolatin3 iso-ir-109 iso_8859-3:1988 l3 latin3")),
        (.legacy(.iso8859part10), latin(10, "csisolatin6 iso-ir-157 l6 latin6")),
        (.legacy(.iso8859part14), latin(14, "")),
        (.legacy(.iso8859part15), latin(15, "csisolatin9 l9")),
        (
            .legacy(.windows1254),
            latin(9, "cp1254 csisolatin5 iso-ir-148 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254")
        ),
        (.legacy(.macintosh), "csmacintosh mac macintosh x-mac-roman"),
    ]

    private static let central: [(PageEncoding, String)] = [
        (.legacy(.iso8859part2), latin(2, "csisolatin2 iso-ir-101 iso_8859-2:1987 l2 latin2")),
        (.legacy(.iso8859part4), latin(4, "csisolatin4 iso-ir-110 iso_8859-4:1988 l4 latin4")),
        (.legacy(.iso8859part13), latin(13, "")),
        (.legacy(.iso8859part16), "iso-8859-16"),
        (.legacy(.windows1250), "cp1250 windows-1250 x-cp1250"),
        (.legacy(.windows1257), "cp1257 windows-1257 x-cp1257"),
        (.legacy(.windows1258), "cp1258 windows-1258 x-cp1258"),
    ]

    private static let eastern: [(PageEncoding, String)] = [
        (.legacy(.ibm866), "866 cp866 csibm866 ibm866"),
        (.legacy(.iso8859part5), latin(5, "csisolatincyrillic cyrillic iso-ir-144 iso_8859-5:1988")),
        (.legacy(.koi8r), "cskoi8r koi koi8 koi8-r koi8_r"),
        (.legacy(.koi8u), "koi8-ru koi8-u"),
        (.legacy(.windows1251), "cp1251 windows-1251 x-cp1251"),
        (.legacy(.macCyrillic), "x-mac-cyrillic x-mac-ukrainian"),
        (
            .legacy(.iso8859part6),
            latin(
                6,
                """
                arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 \
                iso_8859-6:1987
                """
            )
        ),
        (.legacy(.windows1256), "cp1256 windows-1256 x-cp1256"),
        (
            .legacy(.iso8859part7),
            latin(7, "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso_8859-7:1987 sun_eu_greek")
        ),
        (.legacy(.windows1253), "cp1253 windows-1253 x-cp1253"),
        (
            .legacy(.iso8859part8),
            latin(
                8,
                """
                csiso88598e csiso88598i csisolatinhebrew hebrew iso-8859-8-e iso-8859-8-i iso-ir-138 iso_8859-8:1988 \
                logical visual
                """
            )
        ),
        (.legacy(.windows1255), "cp1255 windows-1255 x-cp1255"),
    ]

    private static let asian: [(PageEncoding, String)] = [
        (.legacy(.windows874), latin(11, "dos-874 tis-620 windows-874")),
        (
            .legacy(.gb18030),
            "chinese csgb2312 csiso58gb231280 gb18030 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"
        ),
        (.legacy(.big5), "big5 big5-hkscs cn-big5 csbig5 x-x-big5"),
        (.legacy(.eucJP), "cseucpkdfmtjapanese euc-jp x-euc-jp"),
        (.legacy(.iso2022JP), "csiso2022jp iso-2022-jp"),
        (.legacy(.shiftJIS), "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"),
        (
            .legacy(.eucKR),
            """
            cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
            """
        ),
    ]

    /// The four ways to write one part of ISO 8859, and what else it is called.
    private static func latin(_ part: Int, _ others: String) -> String {
        "iso-8859-\(part) iso8859-\(part) iso8859\(part) iso_8859-\(part) \(others)"
    }
}
