internal import JSON

extension ToolResult {
    /// How many bytes programs may get beside the text, once something has to go.
    private static let metaBytesMax = 64 * 1024
    /// What the id, the names of members and our own notes may take.
    private static let envelopeBytes = 4096

    /// The result cut so that it takes at most `bytesMax` on the wire.
    ///
    /// Other blocks than the first go before any of the text, from the last; then the text loses its middle. The text
    /// says what is missing.
    func fitting(bytesMax: Int) -> ToolResult {
        let metaBytes = JSONValue.object(meta).encoded().count
        let keepsMeta = metaBytes <= Self.metaBytesMax
        let room = bytesMax - Self.envelopeBytes - (keepsMeta ? metaBytes : 0)
        precondition(room > 0, "a result in \(bytesMax) bytes")
        var content = content
        var size = content.reduce(0) { $0 + $1.encodedSize }
        while size > room, content.count > 1 { size -= content.removeLast().encodedSize }
        let missing = self.content.count - content.count
        var shown = size > room ? text.cuttingMiddle(escapedMax: room) : text
        if missing > 0 { shown += "\n[\(missing) of the images were left out: together they are too large.]" }
        content[0] = .text(shown)
        return ToolResult(
            content: content,
            isError: isError,
            meta: keepsMeta ? meta : [:],
            isExact: isExact && shown == text
        )
    }
}

extension String {
    /// The start and the end of the text, which together with a note between them take `escapedMax` bytes in JSON.
    func cuttingMiddle(escapedMax: Int) -> String {
        let half = max(0, escapedMax - 256) / 2
        let head = unicodeScalars.prefix(escapedMax: half)
        let tail = String.UnicodeScalarView(unicodeScalars.reversed()).prefix(escapedMax: half).reversed()
        let missing = utf8.count - head.utf8Count - tail.utf8Count
        var text = String(String.UnicodeScalarView(head))
        text += "\n[\(missing) bytes were left out here: the text is too long.]\n"
        text.unicodeScalars.append(contentsOf: tail)
        return text
    }
}

extension Sequence<Unicode.Scalar> {
    fileprivate var utf8Count: Int { reduce(0) { $0 + UTF8.width($1) } }

    fileprivate func prefix(escapedMax: Int) -> [Unicode.Scalar] {
        var size = 0
        return Array(
            prefix { scalar in
                size += String(scalar).encodedJSONBytes
                return size <= escapedMax
            }
        )
    }
}
