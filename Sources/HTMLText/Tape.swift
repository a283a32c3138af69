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

    init?(_ name: [UInt8]) {
        switch name.count {
        case 3 where name.elementsEqual("alt".utf8): self = .alt
        case 4 where name.elementsEqual("href".utf8): self = .href
        case 5 where name.elementsEqual("title".utf8): self = .title
        case 5 where name.elementsEqual("start".utf8): self = .start
        case 5 where name.elementsEqual("style".utf8): self = .style
        case 6 where name.elementsEqual("hidden".utf8): self = .hidden
        case 7 where name.elementsEqual("alttext".utf8): self = .alttext
        case 8 where name.elementsEqual("encoding".utf8): self = .encoding
        default: return nil
        }
    }
}
