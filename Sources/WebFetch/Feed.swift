/// An RSS or Atom feed as a page: a heading, and a list of what is new.
///
/// It reads what feeds have in common and stops at nothing, because feeds are often no XML.
struct Feed {
    private struct Item {
        var title = ""
        var link = ""
        var date = ""
        var summary = ""
    }

    static let itemsMax = 300
    static let fieldBytesMax = 2000

    private var title = ""
    private var items: [Item] = []
    private var item: Item?
    /// The element whose text is read, and that text, escaped as in XML.
    private var field: String?
    private var captured: [UInt8] = []

    /// `text` as HTML; nil if it is no feed.
    static func html(from text: String) -> String? {
        var feed = Feed()
        var scanner = MarkupScanner(text)
        while feed.items.count < itemsMax, let piece = scanner.next() { feed.take(piece) }
        guard !feed.title.isEmpty || !feed.items.isEmpty else { return nil }
        return feed.html
    }

    private mutating func take(_ piece: MarkupScanner.Piece) {
        switch piece {
        case .text(let bytes):
            guard field != nil, captured.count < Feed.fieldBytesMax else { return }
            captured += bytes.prefix(Feed.fieldBytesMax - captured.count)
        case .start(let name, let attributes, let isEmpty): begin(name, attributes, isEmpty: isEmpty)
        case .end(let name): end(name)
        }
    }

    private mutating func begin(_ name: String, _ attributes: String, isEmpty: Bool) {
        if name == "item" || name == "entry" {
            item = Item()
        } else if name == "link", let address = Feed.attribute("href", in: attributes) {
            let relation = Feed.attribute("rel", in: attributes) ?? "alternate"
            if relation == "alternate", item?.link.isEmpty == true { item?.link = address }
        } else if field == nil, !isEmpty, Feed.fields.contains(name) {
            field = name
            captured = []
        }
    }

    private mutating func end(_ name: String) {
        if name == "item" || name == "entry" {
            if let item { items.append(item) }
            item = nil
            field = nil
        } else if name == field {
            field = nil
            keep(Feed.plain(captured), as: name)
        }
    }

    private mutating func keep(_ text: String, as name: String) {
        guard item != nil else {
            if name == "title", title.isEmpty { title = text }
            return
        }
        switch name {
        case "title": item?.title = text
        case "link": item?.link = text
        case "description", "summary": item?.summary = text
        case "content", "content:encoded": if item?.summary.isEmpty == true { item?.summary = text }
        default: item?.date = text
        }
    }

    private static let fields: Set<String> = [
        "title", "link", "description", "summary", "content", "content:encoded", "pubdate", "published", "updated",
        "dc:date",
    ]

    private var html: String {
        let rows = items.map { item in
            let title = item.title.isEmpty ? item.link : item.title
            let link = item.link.isEmpty ? title : "<a href=\"\(item.link)\">\(title)</a>"
            let date = item.date.isEmpty ? "" : " (\(item.date))"
            let summary = item.summary.isEmpty ? "" : "<br>\(item.summary)"
            return "<li>\(link)\(date)\(summary)</li>\n"
        }
        return
            "<html><head><title>\(title)</title></head><body><h1>\(title)</h1>\n<ul>\n\(rows.joined())</ul></body></html>"
    }

    private static func attribute(_ name: String, in attributes: String) -> String? {
        for quote in ["\"", "'"] {
            guard let start = attributes.firstRange(of: " \(name)=\(quote)") else { continue }
            let rest = attributes[start.upperBound...]
            return plain(Array(rest.before(quote).utf8))
        }
        return nil
    }

    /// The words of a field as HTML without markup: fields hold markup that is escaped once more.
    private static func plain(_ escaped: [UInt8]) -> String {
        var scanner = MarkupScanner(MarkupScanner.unescaped(String(decoding: escaped, as: UTF8.self)))
        var words: [String] = []
        while let piece = scanner.next() {
            guard case .text(let bytes) = piece else { continue }
            words += String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        }
        return words.joined(separator: " ").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
