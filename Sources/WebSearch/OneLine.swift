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
}
