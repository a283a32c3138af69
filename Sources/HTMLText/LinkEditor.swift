internal import PythonText

/// Marks on a tape what is shown as other text, or not at all: links, images, formulas, hidden parts.
struct LinkEditor {
    let fixes: HTMLFixes
    var tape: Tape
    /// What replaced elements are shown as: ranges of `text`.
    private(set) var replacements = Replacements()
    /// The URLs of the links, by number.
    private(set) var urls: [[UInt8]] = []
    private(set) var hidesText = false

    private let root: PageRoot
    /// What links are relative to.
    private let base: [UInt8]
    private let pageDomain: [UInt8]
    private var numbers: [[UInt8]: Int] = [:]
    private var imageCount = 0
    /// Where the outermost replaced link ends; images and formulas in it are gone with it.
    private var detachedEnd = 0
    /// Where the outermost formula ends that is shown as it is.
    private var formulaEnd = 0
    /// The next event with words for a link.
    private var nextWords = 0

    /// Edits `tape` of the page at `url`, going through it once; throws what is wrong with the URL.
    init(editing tape: consuming Tape, root: PageRoot, url: [UInt8], fixes: HTMLFixes) throws(URLReference.Malformed) {
        self.tape = consume tape
        self.root = root
        self.fixes = fixes
        pageDomain = try URLReference.domain(of: url)
        base = fixes.contains(.honoursBase) ? Self.base(in: self.tape, of: url) : url
        edit()
    }

    private mutating func edit() {
        var index = root.events.lowerBound
        while index < root.events.upperBound {
            let isCandidate = tape.events[index].kind == .open && index != root.root
            index = isCandidate ? edit(at: index) : index + 1
        }
    }

    /// Edits the element at `index`, and says where to go on.
    private mutating func edit(at index: Int) -> Int {
        let tag = tape.events[index].tag
        let end = Int(tape.events[index].first)
        if isHidden(at: index, tag) {
            remove(index)
            return end + 1
        }
        if tag == .a {
            if let href = tape.value(of: .href, at: index), let shown = link(at: index, to: Array(href)) {
                replace(index, with: shown)
                detachedEnd = max(detachedEnd, end)
            }
        } else if tag == .img, index >= detachedEnd {
            replace(index, with: image(at: index))
        } else if tag == .math, index >= detachedEnd {
            return editFormula(at: index)
        }
        return index + 1
    }

    private mutating func replace(_ index: Int, with shown: [UInt8]) {
        tape.events[index].kind = .replaced
        tape.events[index].second = replacements.add(shown)
    }

    private mutating func remove(_ index: Int, withTextBehind: Bool = false) {
        tape.events[index].kind = .removed
        tape.events[index].second = withTextBehind ? 1 : 0
    }

    // MARK: Links

    /// What a link is shown as; nil if it stays as it is.
    ///
    /// The words are put together only for links that nothing replaced stands around, so each word once.
    private mutating func link(at index: Int, to href: [UInt8]) -> [UInt8]? {
        guard !isScript(href), hasWords(at: index) else { return nil }
        let isLocal = href.first == UInt8(ascii: "#")
        guard let (url, domain) = isLocal ? ([], []) : target(of: href) else { return nil }
        let text = index < detachedEnd ? [] : words(of: index)
        if !fixes.contains(.mendsLinks), index >= detachedEnd, Anchors.areAll(of: text) { return nil }
        if isLocal { return text }
        var shown = Marks.opening + Array(String(number(of: url)).utf8) + Marks.dagger + text
        if domain != pageDomain { shown += Marks.dagger + domain }
        return shown + Marks.closing
    }

    private func isScript(_ href: [UInt8]) -> Bool {
        guard fixes.contains(.mendsLinks) else {
            return href.starts(with: "mailto:".utf8) || href.starts(with: "javascript:".utf8)
        }
        let scheme = LetterCase.lowered(Array(href.drop { $0 <= 0x20 }.prefix(11)))
        return scheme.starts(with: "mailto:".utf8) || scheme.starts(with: "javascript:".utf8)
    }

    /// Whether the link at `index` has words. Asked in the order of the page, it looks at each event once.
    private mutating func hasWords(at index: Int) -> Bool {
        nextWords = max(nextWords, index)
        while nextWords < tape.events.count {
            if let piece = piece(at: nextWords) {
                if !fixes.contains(.mendsLinks) || !Whitespace.stripped(Array(piece)).isEmpty { break }
            }
            nextWords += 1
        }
        return nextWords < Int(tape.events[index].first)
    }

    private func words(of index: Int) -> [UInt8] {
        var joined: [UInt8] = []
        for position in index..<Int(tape.events[index].first) {
            guard let piece = piece(at: position) else { continue }
            if !joined.isEmpty { joined.append(0x20) }
            joined += piece
        }
        return Self.collapsed(joined)
    }

    /// What an event has for the words of the link that it stands in.
    private func piece(at index: Int) -> ArraySlice<UInt8>? {
        let event = tape.events[index]
        if event.kind == .text { return tape.text[Int(event.first)..<Int(event.second)] }
        guard fixes.contains(.mendsLinks), event.kind == .open, event.tag == .img else { return nil }
        return tape.value(of: .alt, at: index)
    }

    /// White space as one blank, and a dagger as a double one.
    private static func collapsed(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let space = Whitespace.length(in: text, at: index)
            if space > 0 {
                if result.last != 0x20 { result.append(0x20) }
                index += space
            } else if text.hasBytes(Marks.dagger, at: index) {
                result += Marks.doubleDagger
                index += 3
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    private func target(of href: [UInt8]) -> (url: [UInt8], domain: [UInt8])? {
        guard let url = try? URLReference.join(base, href), let domain = try? URLReference.domain(of: url) else {
            return nil
        }
        guard !domain.isEmpty else { return nil }
        if fixes.contains(.numbersOnlyWebLinks) {
            let scheme = (try? URLReference(url))?.scheme ?? []
            guard scheme.elementsEqual("http".utf8) || scheme.elementsEqual("https".utf8) else { return nil }
        }
        return (Arxiv.rendition(of: url, domain: domain, isExact: fixes.contains(.matchesArxivExactly)), domain)
    }

    private mutating func number(of url: [UInt8]) -> Int {
        if let number = numbers[url] { return number }
        let number = urls.count
        numbers[url] = number
        urls.append(url)
        return number
    }

    /// What the first `<base>` of the page says, if that is on the web.
    private static func base(in tape: Tape, of url: [UInt8]) -> [UInt8] {
        for index in tape.events.indices where tape.events[index].kind == .open && tape.events[index].tag == .base {
            guard let href = tape.value(of: .href, at: index) else { continue }
            guard let base = try? URLReference.join(url, Array(href)), let parts = try? URLReference(base),
                parts.scheme.starts(with: "http".utf8), !parts.authority.isEmpty
            else { return url }
            return base
        }
        return url
    }

    // MARK: Images, formulas and hidden parts

    private mutating func image(at index: Int) -> [UInt8] {
        let name = tape.value(of: .alt, at: index) ?? tape.value(of: .title, at: index) ?? []
        defer { imageCount += 1 }
        return Array("[Image \(imageCount)".utf8) + (name.isEmpty ? [] : Array(": ".utf8) + name) + Array("]".utf8)
    }

    private mutating func editFormula(at index: Int) -> Int {
        guard fixes.contains(.keepsMath) else {
            remove(index, withTextBehind: true)
            return index + 1
        }
        let end = Int(tape.events[index].first)
        if let text = tape.value(of: .alttext, at: index), !text.isEmpty {
            replace(index, with: Array(text))
            return end + 1
        }
        if index < formulaEnd { return index + 1 }
        formulaEnd = end
        for position in index..<end
        where tape.events[position].kind == .open && tape.events[position].tag == .annotation {
            let next = tape.events[position + 1]
            let isTeX = tape.value(of: .encoding, at: position)?.elementsEqual("application/x-tex".utf8) == true
            if isTeX, next.kind == .text {
                replace(index, with: Array(tape.text[Int(next.first)..<Int(next.second)]))
                return end + 1
            }
            remove(position)
        }
        return index + 1
    }

    private mutating func isHidden(at index: Int, _ tag: Tag) -> Bool {
        if fixes.contains(.dropsFrameFallback), tag == .iframe || tag == .noembed || tag == .noframes { return true }
        guard fixes.contains(.dropsHiddenText), tag != .html, tag != .body else { return false }
        let isHidden = tag == .template || HiddenText.isHidden(tape, at: index)
        hidesText = hidesText || isHidden
        return isHidden
    }
}

/// What elements are shown as instead.
struct Replacements {
    private(set) var text: [UInt8] = []
    private var ranges: [Range<Int32>] = []

    mutating func add(_ shown: [UInt8]) -> Int32 {
        let start = Int32(text.count)
        text += shown
        ranges.append(start..<Int32(text.count))
        return Int32(ranges.count - 1)
    }

    subscript(index: Int32) -> Range<Int> {
        Int(ranges[Int(index)].lowerBound)..<Int(ranges[Int(index)].upperBound)
    }
}
