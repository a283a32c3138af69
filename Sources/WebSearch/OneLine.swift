/// Text of strangers as one line of bounded length.
enum OneLine {
    /// Runs of white space and control characters as one blank; an ellipsis stands for what is cut off.
    static func of(_ text: String, bytesMax: Int) -> String {
        var line = String.UnicodeScalarView()
        var (bytes, needsBlank) = (0, false)
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
                needsBlank = !line.isEmpty
                continue
            }
            bytes += UTF8.width(scalar) + (needsBlank ? 1 : 0)
            guard bytes <= bytesMax else { return String(line) + "…" }
            if needsBlank { line.append(" ") }
            needsBlank = false
            line.append(scalar)
        }
        return String(line)
    }

    /// What stands between the tags that services put around words, with the commonest references decoded.
    static func withoutMarkup(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else { return text }
        var plain = text
        for tag in ["strong", "b", "em", "mark"] {
            plain = plain.replacing("<\(tag)>", with: "").replacing("</\(tag)>", with: "")
        }
        for (reference, character) in references { plain = plain.replacing(reference, with: character) }
        return plain
    }

    /// The ampersand comes last, so that nothing is decoded twice.
    private static let references = [
        ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'"),
        ("&apos;", "'"), ("&nbsp;", " "), ("&amp;", "&"),
    ]
}
