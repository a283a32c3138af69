internal import HTMLText

/// The page that shows what a search found.
enum SearchPage {
    static func page(
        of results: [SearchResult],
        for query: String,
        fixes: BrowsingFixes
    ) throws(PageSourceFailure) -> Page {
        let guards = fixes.html.contains(.guardsMarks)
        var source = "\n<html><body>\n<h1>Search Results</h1>\n<ul>\n"
        for result in results {
            let title = fixes.fillsResults ? filledTitle(of: result) : result.title ?? "None"
            let summary = try summary(of: result, fills: fixes.fillsResults)
            if result.url.isEmpty, fixes.fillsResults {
                source += "<li>\(escaped(title)): \(escaped(summary))</li>"
                continue
            }
            source +=
                guards
                ? "<li><a href='\(escaped(result.url))'>\(escaped(title))</a> \(escaped(summary))</li>"
                : "<li><a href='\(result.url)'>\(title)</a> \(summary)</li>"
        }
        source += "\n</ul>\n"
        if results.isEmpty, fixes.fillsResults { source += "<p>Nothing was found.</p>\n" }
        source += "</body></html>\n"
        do throws(RenderedPage.Failure) {
            let page = try RenderedPage(source: Array(source.utf8), url: "", title: query, fixes: fixes.html)
            return Page(url: "", title: page.title, text: Array("\nURL: \n".utf8) + page.text, links: page.links)
        } catch {
            throw PageSourceFailure(error.message)
        }
    }

    private static func filledTitle(of result: SearchResult) -> String {
        guard let title = result.title, !title.allSatisfy(\.isWhitespace) else { return result.url }
        return title
    }

    private static func summary(of result: SearchResult, fills: Bool) throws(PageSourceFailure) -> String {
        if let summary = result.summary, !fills || !summary.isEmpty { return summary }
        // Python's complaint of a key that is not there.
        guard fills else { throw PageSourceFailure("'summary'") }
        return result.highlights.isEmpty ? result.text ?? "" : result.highlights.joined(separator: " … ")
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
