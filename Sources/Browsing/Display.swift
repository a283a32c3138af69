internal import HTMLText
internal import PythonText

/// Lines of a page with what stands above them.
struct Display {
    let page: Page
    let cursor: Int
    let lines: Range<Int>
    let fixes: BrowsingFixes

    var result: BrowsingResult {
        BrowsingResult(text: String(decoding: bytes, as: UTF8.self), provenance: provenance)
    }

    private var bytes: [UInt8] {
        var output = Array("[\(cursor)] \(page.title)".utf8)
        let address = address
        if !address.isEmpty { output += Array(" (\(address))".utf8) }
        let last = page.wrapped.lines.count - 1
        output += "\n**viewing lines [\(lines.lowerBound) - \(lines.upperBound - 1)] of \(last)**\n\n".utf8
        for line in lines {
            if line > lines.lowerBound { output.append(0x0A) }
            Window.append(line, of: page.wrapped, to: &output)
        }
        return output
    }

    private var address: String {
        let unquoted = PercentEncoding.unquote(Array(page.url.utf8))
        guard fixes.html.contains(.guardsMarks) else { return String(decoding: unquoted, as: UTF8.self).cut }
        // What is escaped in a URL can be a line break or a bracket.
        let oneLine = Marks.guarded(unquoted).map { $0 < 0x20 ? 0x20 : $0 }
        return String(decoding: oneLine, as: UTF8.self).cut
    }

    private var provenance: BrowsingResult.Provenance {
        BrowsingResult.Provenance(
            cursor: cursor,
            url: page.url,
            requestedURL: page.origin.requestedURL,
            title: page.title,
            contentType: page.origin.contentType,
            lines: lines,
            lineCount: page.wrapped.lines.count,
            isTruncated: page.origin.isTruncated,
            isRendered: page.origin.isRendered,
            hasHiddenText: page.origin.hasHiddenText
        )
    }
}
