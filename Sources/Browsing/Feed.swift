internal import HTMLText
internal import PythonText

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

    private var scanner: XMLScanner
    private var title: [UInt8] = []
    private var items: [Item] = []

    /// Whether `body` begins as a feed.
    static func looksLikeOne(_ body: [UInt8]) -> Bool {
        let head = LetterCase.lowered(Array(body.prefix(1024)))
        return ["<rss", "<feed", "<rdf:rdf"].contains { head.firstIndex(of: Array($0.utf8)) != nil }
    }

    /// A page with the items of `body`.
    static func html(_ body: [UInt8]) -> [UInt8] {
        var feed = Feed(scanner: XMLScanner(body))
        while let element = feed.scanner.next(), feed.items.count <= itemsMax { feed.take(element) }
        return feed.html
    }

    private init(scanner: XMLScanner) {
        self.scanner = scanner
    }

    private mutating func take(_ element: XMLScanner.Element) {
        switch element.name {
        case "item", "entry": items.append(Item())
        // What an entry was taken from has a title and links of its own.
        case "source": _ = scanner.markup(of: element)
        case "title":
            let text = title(of: element)
            if items.isEmpty { if title.isEmpty { title = text } } else { add(text, to: \.title) }
        case "link":
            guard ["", "alternate"].contains(element["rel"]) else { return }
            add(element["href"].isEmpty ? Self.words(element.content) : Array(element["href"].utf8), to: \.link)
        case "pubDate", "published", "updated", "date": add(Self.words(element.content), to: \.date)
        case "description", "summary", "content", "encoded": add(summary(of: element), to: \.summary)
        default: break
        }
    }

    /// The first of each kind counts.
    private mutating func add(_ text: [UInt8], to field: WritableKeyPath<Item, [UInt8]>) {
        guard let last = items.indices.last, items[last][keyPath: field].isEmpty else { return }
        items[last][keyPath: field] = text
    }

    /// Markup where it says so, else text in which references may stand: what RSS means is anybody's guess.
    private mutating func title(of element: XMLScanner.Element) -> [UInt8] {
        switch element["type"] {
        case "xhtml": Self.text(of: scanner.markup(of: element))
        case "html", "text/html": Self.text(of: element.content)
        case "text": Self.words(element.content)
        default: Self.text(of: Self.escaped(element.content, [UInt8(ascii: "<")]))
        }
    }

    private mutating func summary(of element: XMLScanner.Element) -> [UInt8] {
        let content = element["type"] == "xhtml" ? scanner.markup(of: element) : element.content
        let text = String(decoding: Self.text(of: content), as: UTF8.self)
        guard text.unicodeScalars.count > Self.summaryScalarsMax else { return Array(text.utf8) }
        let cut = String.UnicodeScalarView(text.unicodeScalars.prefix(Self.summaryScalarsMax))
        return Array((String(cut) + " …").utf8)
    }

    private static func words(_ content: [UInt8]) -> [UInt8] {
        Array(content.split(whereSeparator: Whitespace.ascii).joined(separator: [0x20]))
    }

    /// Markup as one line of text.
    private static func text(of content: [UInt8]) -> [UInt8] {
        guard let page = try? RenderedPage(source: content, url: "") else { return [] }
        return words(page.text)
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

    private static let special = Array("&<'".utf8)

    /// `text` with these of its bytes as references.
    private static func escaped(_ text: [UInt8], _ bytes: [UInt8] = special) -> [UInt8] {
        text.flatMap { byte in bytes.contains(byte) ? Array("&#\(byte);".utf8) : [byte] }
    }
}
