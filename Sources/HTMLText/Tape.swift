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
        /// An element that is not shown: `first` is where its end is, `second` 1 if the text behind goes with it.
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

    var events: [Event] = []
    var text: [UInt8] = []
    var attributes: [Attribute] = []
    var attributeText: [UInt8] = []
    /// For tags like `p<b`, the one that such a name begins with.
    var beginnings: [Tag: Tag] = [:]
    /// Whether any text or attribute holds a character that XML does not allow.
    var hasControlCharacters = false
    /// Whether the page was cut at a limit.
    var isTruncated = false

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
    case href, alt, title, start, hidden, style, alttext, encoding

    /// Names of at most eight bytes, each packed into a word.
    private static let packed: [UInt64: AttributeName] = [
        pack("href".utf8): .href, pack("alt".utf8): .alt, pack("title".utf8): .title, pack("start".utf8): .start,
        pack("hidden".utf8): .hidden, pack("style".utf8): .style, pack("alttext".utf8): .alttext,
        pack("encoding".utf8): .encoding,
    ]

    /// The attribute with this name, in lower case.
    init?(_ name: [UInt8]) {
        switch (name.count, name.first) {
        // Most attributes are sorted out here.
        case (3, UInt8(ascii: "a")), (4, UInt8(ascii: "h")), (5, UInt8(ascii: "s")), (5, UInt8(ascii: "t")),
            (6, UInt8(ascii: "h")), (7, UInt8(ascii: "a")), (8, UInt8(ascii: "e")):
            guard let known = Self.packed[Self.pack(name)] else { return nil }
            self = known
        default: return nil
        }
    }

    private static func pack(_ name: some Collection<UInt8>) -> UInt64 {
        name.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
