/// A page as its tags and texts in order, each tag with the place of its partner.
///
/// The tree builder only ever adds at the end, so this is its whole tree, and walking it needs no recursion.
struct Tape {
    enum Kind: UInt8 {
        /// The start of an element: `first` is where its end is, `second` its first attribute or -1.
        case open
        /// The end of an element: `first` is where its start is.
        case close
        /// Text: `first` and `second` are its range in `text`. Two never stand side by side.
        case text
        /// A comment: `first` is 1 if a `>` in it is followed by text, `second` 1 if that begins with a word.
        case comment
        /// An element that is shown as other text: `first` is where its end is, `second` which replacement.
        case replaced
        /// An element that is not shown: `first` is where its end is, `second` 1 if the text after it goes too.
        case removed
    }

    struct Event {
        var kind: Kind
        var tag: Tag
        var first: Int32
        var second: Int32
    }

    /// An attribute that something here wants to know of.
    struct Attribute {
        let name: AttributeName
        /// In `attributeText`.
        let range: Range<Int32>
        /// Whether the next attribute is of the same element.
        var hasNext: Bool
    }

    /// A comment of React's, which marks a part of the page that may come later than the rest.
    enum Boundary: Equatable {
        /// The part was there at once, or its fallback stays.
        case begin
        /// What follows is shown until the part comes.
        case beginFallback
        case end

        /// The one that the text of a comment says, nil if it says none.
        init?(_ comment: ArraySlice<UInt8>) {
            switch String(decoding: comment.prefix(3), as: UTF8.self) {
            case "$?": self = .beginFallback
            case "$", "$!", "$~": self = .begin
            case "/$": self = .end
            default: return nil
            }
        }
    }

    var events: [Event] = []
    /// What comments mark, by their events; kept with what elements are called.
    var boundaries: [Int: Boundary] = [:]
    var text: [UInt8] = []
    var attributes: [Attribute] = []
    var attributeText: [UInt8] = []
    /// For tags like `p<b`, the one that such a name begins with.
    var beginnings: [Tag: Tag] = [:]
    /// The tags of custom elements that are whole applications by their name.
    var applications: Set<Tag> = []
    /// Whether any text or attribute holds a character that XML does not allow.
    var hasControlCharacters = false
    /// Whether the page was cut at a limit.
    var isTruncated = false
    /// Whether a template is a shadow tree, shown in place of what its host holds.
    var hasShadowTrees = false

    /// The value of an attribute of the element that starts at `index`.
    func value(of name: AttributeName, at index: Int) -> ArraySlice<UInt8>? {
        guard events[index].kind == .open, events[index].second >= 0 else { return nil }
        var position = Int(events[index].second)
        while true {
            let attribute = attributes[position]
            if attribute.name == name {
                return attributeText[Int(attribute.range.lowerBound)..<Int(attribute.range.upperBound)]
            }
            guard attribute.hasNext else { return nil }
            position += 1
        }
    }
}

/// The attributes that something here wants to know of.
enum AttributeName: UInt8 {
    case href, alt, title, start, hidden, style, alttext, encoding, src, name, content, property, slot, type, width,
        height
    case label, shadowRootMode
    // What elements are called, which not every reader of a page wants.
    case id, classes, role

    private struct Spelling {
        let attribute: AttributeName
        let bytes: [UInt8]

        init(_ attribute: AttributeName, _ text: String) {
            self.attribute = attribute
            bytes = Array(text.utf8)
        }
    }

    private static let spellings: [Spelling] = [
        Spelling(.href, "href"), Spelling(.alt, "alt"), Spelling(.title, "title"), Spelling(.start, "start"),
        Spelling(.hidden, "hidden"), Spelling(.style, "style"), Spelling(.alttext, "alttext"),
        Spelling(.encoding, "encoding"), Spelling(.src, "src"), Spelling(.name, "name"), Spelling(.content, "content"),
        Spelling(.property, "property"), Spelling(.slot, "slot"), Spelling(.type, "type"), Spelling(.width, "width"),
        Spelling(.height, "height"), Spelling(.label, "aria-label"), Spelling(.shadowRootMode, "shadowrootmode"),
        Spelling(.id, "id"), Spelling(.classes, "class"), Spelling(.role, "role"),
    ]

    /// For each length, the first letters that names have, a bit each; most attributes are sorted out by these.
    private static let firstLetters = letters { !$0.isIdentity }
    private static let firstLettersWithIdentity = letters { _ in true }

    private static func letters(of isCounted: (AttributeName) -> Bool) -> [UInt32] {
        var letters: [UInt32] = Array(repeating: 0, count: 16)
        for spelling in spellings where isCounted(spelling.attribute) {
            letters[spelling.bytes.count] |= 1 << UInt32(spelling.bytes[0] & 31)
        }
        return letters
    }

    /// The attribute with this name, in lower case, if it says something of an element `tag`.
    init?(_ name: [UInt8], of tag: Tag, keepsIdentity: Bool) {
        guard let first = name.first, name.count < 16 else { return nil }
        let letters = keepsIdentity ? Self.firstLettersWithIdentity[name.count] : Self.firstLetters[name.count]
        guard letters >> UInt32(first & 31) & 1 == 1,
            let index = Self.spellings.firstIndex(where: { $0.bytes == name })
        else { return nil }
        let attribute = Self.spellings[index].attribute
        guard attribute.isWanted(of: tag), keepsIdentity || !attribute.isIdentity else { return nil }
        self = attribute
    }

    private var isIdentity: Bool { self == .id || self == .classes || self == .role }

    private func isWanted(of tag: Tag) -> Bool {
        switch self {
        case .src, .width, .height: tag == .iframe || tag == .frame
        case .name: tag == .meta || tag == .frame || tag == .iframe || tag == .slot
        case .content, .property: tag == .meta
        case .type: tag == .script
        case .shadowRootMode: tag == .template
        case .href, .alt, .title, .start, .hidden, .style, .alttext, .encoding, .slot, .label, .id, .classes, .role:
            true
        }
    }
}
