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

/// Items of RSS or Atom as a list of links.
struct Feed {
    private static let itemsMax = 1000
    private static let summaryScalarsMax = 500

    private struct Item {
        var title: [UInt8] = []
        var link: [UInt8] = []
        var date: [UInt8] = []
        var summary: [UInt8] = []
    }

    private var title: [UInt8] = []
    private var items: [Item] = []

    /// Whether `body` begins as a feed.
    static func looksLikeOne(_ body: [UInt8]) -> Bool {
        let head = LetterCase.lowered(Array(body.prefix(1024)))
        return ["<rss", "<feed", "<rdf:rdf"].contains { head.firstIndex(of: Array($0.utf8)) != nil }
    }

    /// A page with the items of `body`.
    static func html(_ body: [UInt8]) -> [UInt8] {
        var feed = Feed()
        var scanner = XMLScanner(body)
        while let token = scanner.next(), feed.items.count <= itemsMax { feed.take(token) }
        return feed.html
    }

    private mutating func take(_ element: XMLScanner.Element) {
        switch element.name {
        case "item", "entry": items.append(Item())
        case "title":
            let text = Self.words(element.content)
            if items.isEmpty { if title.isEmpty { title = text } } else { add(text, to: \.title) }
        case "link":
            let relation = element.relation
            guard relation.isEmpty || relation.elementsEqual("alternate".utf8) else { return }
            add(element.reference.isEmpty ? Self.words(element.content) : element.reference, to: \.link)
        case "pubDate", "published", "updated", "date": add(Self.words(element.content), to: \.date)
        case "description", "summary", "content", "encoded": add(Self.text(of: element.content), to: \.summary)
        default: break
        }
    }

    /// The first of each kind counts.
    private mutating func add(_ text: [UInt8], to field: WritableKeyPath<Item, [UInt8]>) {
        guard let last = items.indices.last, items[last][keyPath: field].isEmpty else { return }
        items[last][keyPath: field] = text
    }

    private static func words(_ content: [UInt8]) -> [UInt8] {
        Array(content.split(whereSeparator: Whitespace.ascii).joined(separator: [0x20]))
    }

    /// Markup as one line of text.
    private static func text(of content: [UInt8]) -> [UInt8] {
        guard let page = try? RenderedPage(source: content, url: "") else { return [] }
        let text = String(decoding: words(page.text), as: UTF8.self)
        guard text.unicodeScalars.count > summaryScalarsMax else { return Array(text.utf8) }
        return Array((String(String.UnicodeScalarView(text.unicodeScalars.prefix(summaryScalarsMax))) + " …").utf8)
    }

    private var html: [UInt8] {
        var html = "<html><head><title>".utf8 + Self.escaped(title) + "</title></head><body><h1>".utf8
        html += Self.escaped(title) + "</h1><ul>".utf8
        for item in items {
            html += "<li>".utf8
            if item.link.isEmpty {
                html += Self.escaped(item.title)
            } else {
                let name = item.title.isEmpty ? item.link : item.title
                html += "<a href='".utf8 + Self.escaped(item.link) + "'>".utf8 + Self.escaped(name) + "</a>".utf8
            }
            for part in [item.date, item.summary] where !part.isEmpty { html += " ".utf8 + Self.escaped(part) }
            html += "</li>".utf8
        }
        return html + "</ul></body></html>".utf8
    }

    private static func escaped(_ text: [UInt8]) -> [UInt8] {
        text.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "&"): Array("&amp;".utf8)
            case UInt8(ascii: "<"): Array("&lt;".utf8)
            case UInt8(ascii: "'"): Array("&#39;".utf8)
            default: [byte]
            }
        }
    }
}
