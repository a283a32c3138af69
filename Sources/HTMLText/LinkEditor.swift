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
    /// Letters that were left out because the page hides them.
    private(set) var hiddenLetters = 0
    /// Whether there were more bytes of links than are kept: a long base makes every link long.
    private(set) var isFull = false

    private static let linkBytesMax = 32 << 20
    private var linkBytes = 0

    private let root: PageRoot
    /// What links are relative to.
    private let base: [UInt8]
    private let baseParts: URLReference?
    private let pageDomain: [UInt8]
    private var numbers: [ByteString: Int] = [:]
    private var imageCount = 0
    /// Where the outermost replaced link ends; images and formulas in it are gone with it.
    private var detachedEnd = 0
    /// Where the outermost formula ends that is shown as it is.
    private var formulaEnd = 0
    /// The next event with words for a link.
    private var nextWords = 0
    /// The words of the link that is edited.
    private var words: [UInt8] = []

    /// Edits `tape` of the page at `url`, going through it once; throws what is wrong with the URL.
    init(editing tape: consuming Tape, root: PageRoot, url: [UInt8], fixes: HTMLFixes) throws(URLReference.Malformed) {
        self.tape = consume tape
        self.root = root
        self.fixes = fixes
        pageDomain = try URLReference.domain(of: url)
        base = fixes.contains(.honorsBase) ? Self.base(in: self.tape, of: url) : url
        baseParts = base.isEmpty ? nil : try? URLReference(base)
        numbers.reserveCapacity(min(self.tape.events.count / 4, 1 << 16))
        edit()
    }

    private mutating func edit() {
        var index = root.events.lowerBound
        while index < root.events.upperBound {
            Steps.take()
            let isCandidate = tape.events[index].kind == .open && index != root.root
            index = isCandidate ? edit(at: index) : index + 1
        }
    }

    /// Edits the element at `index`, and says where to go on.
    private mutating func edit(at index: Int) -> Int {
        let tag = tape.events[index].tag
        let end = Int(tape.events[index].first)
        if isHidden(at: index, tag) {
            hiddenLetters += tape.letters(in: index..<end)
            remove(index)
            return end + 1
        }
        if tag == .frame || isFallback(tag) { return editFrame(at: index, tag) }
        if tag == .area {
            editArea(at: index)
        } else if tag == .a {
            if let href = tape.value(of: .href, at: index), editLink(at: index, to: Array(href)) {
                detachedEnd = max(detachedEnd, end)
            }
        } else if tag == .img, index >= detachedEnd {
            editImage(at: index)
        } else if tag == .math, index >= detachedEnd {
            return editFormula(at: index)
        }
        return index + 1
    }

    /// Shows the element at `index` as the text that `replacements` got from `start` on.
    private mutating func replace(_ index: Int, from start: Int) {
        tape.events[index].kind = .replaced
        tape.events[index].second = replacements.add(from: start)
    }

    private mutating func remove(_ index: Int, withTextAfter: Bool = false) {
        tape.events[index].kind = .removed
        tape.events[index].second = withTextAfter ? 1 : 0
    }

    // MARK: Links

    /// Shows a link as one of ours; false if it stays as it is.
    ///
    /// The words are put together only for links that nothing replaced stands around, so each word once.
    private mutating func editLink(at index: Int, to href: [UInt8]) -> Bool {
        guard !isScript(href), !isFull else { return false }
        let name = hasWords(at: index) || !fixes.contains(.namesLinks) ? nil : name(at: index)
        guard name != nil || nextWords < Int(tape.events[index].first) else { return false }
        let isLocal = href.first == UInt8(ascii: "#") && !isView(href)
        guard let (url, domain) = isLocal ? ([], []) : target(of: href) else { return false }
        words.removeAll(keepingCapacity: true)
        if let name {
            LinkWords.append(name, to: &words)
        } else if index >= detachedEnd {
            let imagesBefore = imageCount
            collectWords(of: index)
            let isNothing = fixes.contains(.mendsLinks) ? words.allSatisfy { $0 == 0x20 } : Anchors.areAll(of: words)
            if isNothing {
                imageCount = imagesBefore
                return false
            }
        }
        if isLocal {
            let start = replacements.text.count
            replacements.text += words
            linkBytes += words.count
            replace(index, from: start)
        } else {
            showLink(at: index, to: url, domain)
        }
        return true
    }

    /// Shows the element at `index` as a link with `words`; `standsApart` puts a blank after it.
    private mutating func showLink(at index: Int, to url: [UInt8], _ domain: [UInt8], standsApart: Bool = false) {
        let start = replacements.text.count
        replacements.text += Marks.opening
        replacements.text += String(number(of: url)).utf8
        replacements.text += Marks.dagger
        replacements.text += words
        if domain != pageDomain {
            replacements.text += Marks.dagger
            replacements.text += domain
        }
        replacements.text += Marks.closing
        if standsApart { replacements.text.append(0x20) }
        linkBytes += replacements.text.count - start + url.count
        isFull = linkBytes > Self.linkBytesMax
        replace(index, from: start)
    }

    /// Whether a link within the page leads to another view of an application.
    private func isView(_ href: [UInt8]) -> Bool {
        guard fixes.contains(.numbersViews), !base.isEmpty, href.count > 2 else { return false }
        return href[1] == UInt8(ascii: "/") || href[1] == UInt8(ascii: "!")
    }

    /// What an element without words is called.
    private func name(at index: Int) -> ArraySlice<UInt8>? {
        [AttributeName.label, .title].lazy.compactMap { tape.value(of: $0, at: index) }.first { name in
            !Whitespace.stripped(Array(name)).isEmpty
        }
    }

    private func isScript(_ href: [UInt8]) -> Bool {
        guard fixes.contains(.mendsLinks) else {
            return href.starts(with: "mailto:".utf8) || href.starts(with: "javascript:".utf8)
        }
        guard let first = href.first(where: { $0 > 0x20 }),
            first | 0x20 == UInt8(ascii: "m") || first | 0x20 == UInt8(ascii: "j")
        else { return false }
        let scheme = LetterCase.lowered(Array(href.drop { $0 <= 0x20 }.prefix(11)))
        return scheme.starts(with: "mailto:".utf8) || scheme.starts(with: "javascript:".utf8)
    }

    /// Whether the link at `index` has words. Asked in the order of the page, it looks at each event once.
    private mutating func hasWords(at index: Int) -> Bool {
        nextWords = max(nextWords, index)
        while nextWords < tape.events.count {
            Steps.take()
            let event = tape.events[nextWords]
            if event.kind == .open, isFallback(event.tag) || isHidden(at: nextWords, event.tag) {
                nextWords = Int(event.first) + 1
                continue
            }
            if let piece = piece(at: nextWords) {
                if !fixes.contains(.mendsLinks) || !Whitespace.stripped(Array(piece)).isEmpty { break }
            }
            nextWords += 1
        }
        return nextWords < Int(tape.events[index].first)
    }

    /// Puts the words of a link together: what is shown of its text, and what its images are called.
    private mutating func collectWords(of link: Int) {
        var index = link + 1
        let end = Int(tape.events[link].first)
        while index < end {
            Steps.take()
            let event = tape.events[index]
            if event.kind == .open, isFallback(event.tag) || isHidden(at: index, event.tag) {
                index = Int(event.first) + 1
                continue
            }
            if let piece = piece(at: index) {
                if !words.isEmpty, words.last != 0x20 { words.append(0x20) }
                if event.kind == .text {
                    LinkWords.append(piece, to: &words)
                } else {
                    words += "[Image \(imageCount): ".utf8
                    LinkWords.append(piece, to: &words)
                    words.append(UInt8(ascii: "]"))
                    imageCount += 1
                }
            }
            index += 1
        }
    }

    /// What an event has for the words of the link that it stands in.
    private func piece(at index: Int) -> ArraySlice<UInt8>? {
        let event = tape.events[index]
        if event.kind == .text { return tape.text[Int(event.first)..<Int(event.second)] }
        guard fixes.contains(.mendsLinks), event.kind == .open, event.tag == .img else { return nil }
        return tape.value(of: .alt, at: index).flatMap { $0.isEmpty ? nil : $0 }
    }

    private func target(of href: [UInt8]) -> (url: [UInt8], domain: [UInt8])? {
        let isExact = fixes.contains(.matchesArxivExactly)
        if let joined = try? href.isEmpty ? baseParts : baseParts?.resolving(href), joined.isWeb || joined.isLocal {
            guard !joined.authority.isEmpty else { return nil }
            let url = href.isEmpty ? base : joined.text
            return (Arxiv.rendition(of: url, domain: joined.authority, isExact: isExact), joined.authority)
        }
        // Pages of the index lead to each other, and results to them; a page of the web does not lead there.
        if base.isEmpty, let parts = try? URLReference(href), parts.isLocal { return (href, parts.authority) }
        guard let url = try? URLReference.join(base, href), let domain = try? URLReference.domain(of: url) else {
            return nil
        }
        guard !domain.isEmpty else { return nil }
        if fixes.contains(.numbersOnlyWebLinks) {
            guard let parts = try? URLReference(url), parts.isWeb else { return nil }
        }
        return (Arxiv.rendition(of: url, domain: domain, isExact: isExact), domain)
    }

    private mutating func number(of url: [UInt8]) -> Int {
        let next = urls.count
        // Looked up once, whether it is there or not.
        let number = Self.value(&numbers[ByteString(url), default: next])
        if number == next { urls.append(url) }
        return number
    }

    private static func value(_ slot: inout Int) -> Int { slot }

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

    private mutating func editImage(at index: Int) {
        let start = replacements.text.count
        replacements.text += "[Image ".utf8
        replacements.text += String(imageCount).utf8
        if let name = tape.value(of: .alt, at: index) ?? tape.value(of: .title, at: index), !name.isEmpty {
            replacements.text += ": ".utf8
            replacements.text += name
        }
        replacements.text.append(UInt8(ascii: "]"))
        imageCount += 1
        replace(index, from: start)
    }

    private mutating func editFormula(at index: Int) -> Int {
        guard fixes.contains(.keepsMath) else {
            remove(index, withTextAfter: true)
            return index + 1
        }
        let end = Int(tape.events[index].first)
        if let text = tape.value(of: .alttext, at: index), !text.isEmpty {
            replace(index, with: text)
            return end + 1
        }
        if index < formulaEnd { return index + 1 }
        formulaEnd = end
        for position in index..<end
        where tape.events[position].kind == .open && tape.events[position].tag == .annotation {
            let next = tape.events[position + 1]
            let isTeX = tape.value(of: .encoding, at: position)?.elementsEqual("application/x-tex".utf8) == true
            if isTeX, next.kind == .text {
                replace(index, with: tape.text[Int(next.first)..<Int(next.second)])
                return end + 1
            }
            remove(position)
        }
        return index + 1
    }

    private mutating func replace(_ index: Int, with shown: ArraySlice<UInt8>) {
        let start = replacements.text.count
        replacements.text += shown
        replace(index, from: start)
    }

    // MARK: Frames and areas

    /// Shows a frame as a link to what it frames, and says where to go on.
    private mutating func editFrame(at index: Int, _ tag: Tag) -> Int {
        let end = Int(tape.events[index].first) + 1
        if fixes.contains(.linksFrames), index >= detachedEnd, !isFull, !isTinyFrame(at: index),
            let source = tape.value(of: .src, at: index), let (url, domain) = target(of: Array(source))
        {
            words = Array("[Frame: ".utf8)
            let given = name(at: index) ?? tape.value(of: .name, at: index).flatMap { $0.isEmpty ? nil : $0 }
            LinkWords.append(given ?? source.prefix { $0 != UInt8(ascii: "?") }, to: &words)
            words.append(UInt8(ascii: "]"))
            showLink(at: index, to: url, domain, standsApart: true)
            return end
        }
        guard isFallback(tag) else { return index + 1 }
        remove(index)
        return end
    }

    /// Whether an element holds what is for browsers without frames, and left out.
    private func isFallback(_ tag: Tag) -> Bool {
        fixes.contains(.dropsFrameFallback) && (tag == .iframe || tag == .noembed || tag == .noframes)
    }

    /// Frames of a pixel count visitors.
    private func isTinyFrame(at index: Int) -> Bool {
        [AttributeName.width, .height].contains { name in
            tape.value(of: name, at: index).map {
                ["0", "1", "0px", "1px"].contains(String(decoding: $0, as: UTF8.self))
            }
                ?? false
        }
    }

    /// Shows an area of an image map as a link.
    private mutating func editArea(at index: Int) {
        guard index >= detachedEnd, !isFull, let href = tape.value(of: .href, at: index).map(Array.init),
            let name = tape.value(of: .alt, at: index).flatMap({ $0.isEmpty ? nil : $0 }) ?? name(at: index),
            fixes.contains(.namesLinks), !isScript(href), let (url, domain) = target(of: href)
        else { return }
        words.removeAll(keepingCapacity: true)
        LinkWords.append(name, to: &words)
        showLink(at: index, to: url, domain, standsApart: true)
    }

    private mutating func isHidden(at index: Int, _ tag: Tag) -> Bool {
        guard fixes.contains(.dropsHiddenText), tag != .html, tag != .body else { return false }
        let includesUnseen = fixes.contains(.dropsUnseenText)
        let isHidden = tag == .template || HiddenText.isHidden(tape, at: index, includesUnseen: includesUnseen)
        hidesText = hidesText || isHidden
        return isHidden
    }
}
