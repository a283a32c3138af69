internal import HTMLText
internal import PythonText

/// What a page is written in.
enum PageFormat {
    case html, plainText, feed

    /// The format of what came as `contentType`.
    init(contentType: String, body: [UInt8]) {
        switch contentType {
        case "", "text/html", "application/xhtml+xml": self = .html
        case "application/rss+xml", "application/atom+xml", "application/rdf+xml": self = .feed
        case "application/xml", "text/xml": self = Feed.looksLikeOne(body) ? .feed : .plainText
        case "application/json", "application/javascript", "application/yaml", "application/x-yaml",
            "application/toml", "application/x-sh", "application/sql":
            self = .plainText
        default:
            let isText =
                contentType.hasPrefix("text/") || contentType.hasSuffix("+json") || contentType.hasSuffix("+xml")
            self = isText ? .plainText : .html
        }
    }
}
