/// The name of an element as a number: those below are known, the others are numbered as they come.
struct Tag: Hashable, Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    /// Whether it stands in the list below.
    var isKnown: Bool { number < Int32(Tag.names.count) }

    // The first of the list, which the tree builder asks for by name.
    static let html = Tag(0)
    static let head = Tag(1)
    static let body = Tag(2)
    static let title = Tag(3)
    static let script = Tag(4)
    static let style = Tag(5)
    static let meta = Tag(6)
    static let link = Tag(7)
    static let base = Tag(8)
    static let noframes = Tag(9)
    static let frame = Tag(10)
    static let frameset = Tag(11)
    static let p = Tag(12)
    static let a = Tag(13)
    static let img = Tag(14)
    static let math = Tag(15)
    static let sup = Tag(16)
    static let sub = Tag(17)
    static let iframe = Tag(18)
    static let noembed = Tag(19)
    static let template = Tag(20)
    static let annotation = Tag(21)
    static let code = Tag(22)
    static let pre = Tag(23)
    static let slot = Tag(24)
    static let area = Tag(25)
    static let noscript = Tag(26)
    static let main = Tag(27)
    static let nav = Tag(28)
    static let header = Tag(29)
    static let footer = Tag(30)
    static let aside = Tag(31)
    static let dialog = Tag(32)
    static let button = Tag(33)
    static let select = Tag(34)

    /// The known names, by number.
    static let names: [String] =
        ("html head body title script style meta link base noframes frame frameset p a img math sup sub iframe noembed "
        + "template annotation code pre slot area noscript main nav header footer aside dialog button select section article abbr acronym address b basefont bdo big blockquote br caption center cite "
        + "col colgroup dd del dfn dir div dl dt em fieldset font form h1 h2 h3 h4 h5 h6 h7 h8 h9 hr i input ins isindex "
        + "kbd legend li listing map menu ol optgroup option param plaintext q s samp small span strike strong "
        + "table tbody td textarea tfoot th thead tr tt u ul var xmp").split(separator: " ").map(String.init)

    private static let numbers: [String: Int32] = Dictionary(
        uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) }
    )

    /// A tag of the list; one that is not there is a programmer's mistake.
    static func known(_ name: some StringProtocol) -> Tag {
        guard let number = numbers[String(name)] else { preconditionFailure("no known tag \(name)") }
        return Tag(number)
    }
}

/// What the tree builder knows of each known tag, by number.
struct TagTraits: Sendable {
    /// What the text up to the end tag is.
    enum Content: Sendable {
        case markup, rawText, script, characterReferences, plaintext
    }

    /// The element has no content and no end tag.
    let isVoid: Bool
    let content: Content
    /// An end tag closes only what has at most its priority.
    let priority: Int
    /// Whether it makes a wrapper a `div`.
    let isBlock: Bool

    static let priorities = 8
    static let ordinary = TagTraits(isVoid: false, content: .markup, priority: 0, isBlock: false)

    static let byNumber: [TagTraits] = Tag.names.map { name in
        TagTraits(
            isVoid: set("area base basefont br col frame hr img input isindex link meta param").contains(name),
            content: content(of: name),
            priority: priority(of: name),
            isBlock: blocks.contains(name)
        )
    }

    private static let blocks = set(
        "address blockquote caption center col colgroup dd del dir div dl dt fieldset form h1 h2 h3 h4 h5 h6 hr ins "
            + "isindex legend li menu noscript ol optgroup option p pre table tbody td tfoot th thead tr ul"
    )

    private static func set(_ names: String) -> Set<String> { Set(names.split(separator: " ").map(String.init)) }

    private static func content(of name: String) -> Content {
        switch name {
        case "script": .script
        case "style", "xmp", "iframe", "noembed", "noframes": .rawText
        case "title", "textarea": .characterReferences
        case "plaintext": .plaintext
        default: .markup
        }
    }

    private static func priority(of name: String) -> Int {
        switch name {
        case "div": 1
        case "td", "th": 2
        case "tr": 3
        case "thead", "tbody", "tfoot": 4
        case "table": 5
        case "head", "body": 6
        case "html": 7
        default: 0
        }
    }
}
