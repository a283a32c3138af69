extension String {
    /// The text that this stands for with its `%XX` resolved; nil if one is malformed, or they give no UTF-8.
    ///
    /// Source: RFC 3986, section 2.1.
    package var percentDecoded: String? {
        PercentEncoding.decode(Array(utf8)).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// The text, a path, with everything percent-encoded but what RFC 3986 leaves alone in one.
    package var percentEncoded: String { String(decoding: PercentEncoding.quote(Array(utf8)), as: UTF8.self) }
}
