internal import PythonText

/// What each element writes.
extension Emitter {
    mutating func start(_ tag: Tag, _ tape: Tape, at index: Int) {
        defer { note(tag) }
        guard tag.isKnown else { return }
        switch Role.byNumber[Int(tag.number)] {
        case .none: break
        case .heading(let level):
            paragraph()
            put(String(repeating: "#", count: level) + " ")
        case .paragraph: paragraph()
        case .lineBreak: put(quoteDepth > 0 ? "  \n> " : "  \n")
        case .rule:
            paragraph()
            put("* * *")
            paragraph()
        case .quiet: quiet += 1
        case .body: quiet = 0
        case .quotation: startQuotation()
        case .struck:
            put(endsWithTilde ? " ~~" : "~~")
            (endsWithTilde, stripsNext) = (false, true)
        case .code: toggleCode()
        case .abbreviation: abbreviations.start(title: tape.value(of: .title, at: index))
        case .quoted: put("\"")
        case .definitions: paragraph()
        case .definition: put("    ")
        case .list(let isOrdered): startList(isOrdered: isOrdered, number: tape.value(of: .start, at: index))
        case .item: startItem()
        case .term, .row: break
        case .preformatted:
            (isPreOpened, isPre) = (true, true)
            paragraph()
        }
    }

    mutating func end(_ tag: Tag) {
        defer { note(tag) }
        guard tag.isKnown else { return }
        switch Role.byNumber[Int(tag.number)] {
        case .none, .lineBreak, .rule, .definitions: break
        case .heading, .paragraph: paragraph()
        case .quiet: quiet -= 1
        case .body: quiet = 0
        case .quotation:
            quoteDepth -= 1
            paragraph()
        case .struck: put("~~")
        case .code: toggleCode()
        case .abbreviation: abbreviations.end()
        case .quoted: put("\"")
        case .definition, .term: lineBreak()
        case .list: endList()
        case .item:
            codeIndent = 0
            lineBreak()
        case .row:
            lineBreak()
            hasSoftBreak = true
        case .preformatted:
            isPre = false
            paragraph()
        }
    }

    /// The wrapper that stands for the body of a fragment: a `div` or a `span`.
    mutating func startWrapper(isBlock: Bool) {
        if isBlock { paragraph() }
        (lastTag, isLastTagList) = (.body, false)
    }

    mutating func endWrapper(isBlock: Bool) {
        startWrapper(isBlock: isBlock)
    }

    private mutating func note(_ tag: Tag) {
        lastTag = tag
        isLastTagList = tag == Role.ul || tag == Role.ol
    }

    private mutating func paragraph() { breaks = 2 }

    private mutating func lineBreak() { breaks = max(breaks, 1) }

    private mutating func startQuotation() {
        paragraph()
        put("> ", isQuoteMarker: true)
        isAtStart = true
        quoteDepth += 1
    }

    private mutating func toggleCode() {
        guard !isPre else { return }
        put("`")
        isCode.toggle()
    }

    private mutating func startList(isOrdered: Bool, number: ArraySlice<UInt8>?) {
        if lists.isEmpty, !isLastTagList { paragraph() }
        let first = number.flatMap { PythonInteger.read(Array($0)) }
        lists.append(List(isOrdered: isOrdered, number: isOrdered ? (first ?? 1) - 1 : 0))
    }

    private mutating func endList() {
        if lists.isEmpty, !isLastTagList { paragraph() }
        _ = lists.popLast()
        if lists.isEmpty { put("\n") }
    }

    private mutating func startItem() {
        lineBreak()
        var indent = 0
        for level in lists.indices.prefix(Self.shownDepthMax) {
            indent += level > 0 && lists[level - 1].isOrdered ? 3 : 2
        }
        codeIndent = indent
        put(String(repeating: " ", count: indent))
        if lists.last?.isOrdered == true {
            lists[lists.count - 1].number += 1
            put("\(lists[lists.count - 1].number). ")
            codeIndent = indent + 3
        } else {
            put("* ")
            codeIndent = indent + 2
        }
        isAtStart = true
    }
}

/// What an element is to the emitter.
enum Role: Sendable {
    case none, paragraph, lineBreak, rule, quiet, body, quotation, struck, code, abbreviation, quoted, definitions
    case definition, term, item, row, preformatted
    case heading(level: Int)
    case list(isOrdered: Bool)

    static let ul = Tag.known("ul")
    static let ol = Tag.known("ol")

    static func isHeading(_ tag: Tag) -> Bool {
        guard tag.isKnown, case .heading = byNumber[Int(tag.number)] else { return false }
        return true
    }

    static let byNumber: [Role] = Tag.names.map { name in
        switch name {
        case "p", "div": .paragraph
        case "br": .lineBreak
        case "hr": .rule
        case "head", "style", "script": .quiet
        case "body": .body
        case "blockquote": .quotation
        case "del", "strike", "s": .struck
        case "kbd", "code", "tt": .code
        case "abbr": .abbreviation
        case "q": .quoted
        case "dl": .definitions
        case "dt": .term
        case "dd": .definition
        case "ol": .list(isOrdered: true)
        case "ul": .list(isOrdered: false)
        case "li": .item
        case "tr": .row
        case "pre": .preformatted
        case "h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8", "h9": .heading(level: Int(name.dropFirst()) ?? 0)
        default: .none
        }
    }
}
