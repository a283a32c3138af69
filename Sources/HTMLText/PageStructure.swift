internal import PythonText

/// What a page is made of: how much of it is text to read, and whether its scripts have still to make that.
public struct PageStructure: Sendable {
    /// Letters of text to read: what is shown outside of navigation, banners and words for browsers without scripts.
    public private(set) var contentLetters = 0
    /// Letters that are shown at all.
    public private(set) var shownLetters = 0
    /// Letters that the page hides.
    public private(set) var hiddenLetters = 0
    /// Whether it has scripts; blocks of data are none.
    public private(set) var hasScripts = false
    /// Whether what an application is put into, or the main part, has next to nothing in it.
    public private(set) var hasEmptyRoot = false
    /// Bytes of scripts and of data for them in the page itself.
    public private(set) var scriptBytes = 0

    /// From so many letters on, a page has something to say.
    private static let contentLettersMin = 200
    /// Fewer letters than these are a sign that something loads.
    private static let rootLettersMin = 100
    /// A page with fewer letters is judged by its scripts too, and one letter of text is worth so many bytes of those.
    private static let scriptedLettersMax = 1000
    private static let scriptBytesPerLetter = 50

    /// Whether so much is hidden that the reader has to know: more than a quarter of what is shown.
    static func isMuch(hidden: Int, shown: Int) -> Bool { hidden >= contentLettersMin && hidden * 4 >= shown }

    /// Whether scripts have still to make, or to show, a good part of the page.
    public var needsScripts: Bool {
        guard hasScripts else { return false }
        if hasEmptyRoot || contentLetters < Self.contentLettersMin { return true }
        if Self.isMuch(hidden: hiddenLetters, shown: shownLetters) { return true }
        return contentLetters < Self.scriptedLettersMax && scriptBytes > contentLetters * Self.scriptBytesPerLetter
    }

    /// Looks at the HTML of a page, which is UTF-8; what is longer than ``RenderedPage/sourceBytesMax`` counts only up to there.
    public init(source: [UInt8]) {
        let prepared = PreparedSource(source, bytesMax: RenderedPage.sourceBytesMax, keepsSecondPlane: true)
        let tape = TreeBuilder.tape(of: prepared, fixes: .all, keepsIdentity: true)
        weigh(Composition.composed(tape, isStreamed: Composition.isStreamed(prepared.bytes)))
    }

    /// An element that an application may be put into.
    private struct Root {
        let end: Int
        let lettersBefore: Int
    }

    private mutating func weigh(_ tape: Tape) {
        var roots: [Root] = []
        var besideEnd = 0
        var index = 0
        while index < tape.events.count {
            while let root = roots.last, root.end <= index {
                hasEmptyRoot = hasEmptyRoot || shownLetters - root.lettersBefore < Self.rootLettersMin
                roots.removeLast()
            }
            let event = tape.events[index]
            if event.kind == .text {
                let letters = tape.letters(in: index..<index + 1)
                shownLetters += letters
                if index >= besideEnd { contentLetters += letters }
            }
            guard event.kind == .open else {
                index += 1
                continue
            }
            let end = Int(event.first)
            if isPassedOver(event.tag, at: index, of: tape) {
                index = end + 1
                continue
            }
            let role = PageRole(of: index, in: tape)
            if role == .root { roots.append(Root(end: end, lettersBefore: shownLetters)) }
            if role == .beside { besideEnd = max(besideEnd, end) }
            index += 1
        }
    }

    /// Whether nothing in the element is shown; takes note of what it is.
    private mutating func isPassedOver(_ tag: Tag, at index: Int, of tape: Tape) -> Bool {
        let content = index..<Int(tape.events[index].first)
        switch tag {
        case .script:
            let type = LetterCase.lowered(Array(tape.value(of: .type, at: index) ?? []))
            let isData = type.firstIndex(of: Array("json".utf8), from: 0) != nil
            hasScripts = hasScripts || !isData
            // Structured data is for search engines.
            if !type.elementsEqual("application/ld+json".utf8) { scriptBytes += tape.textBytes(in: content) }
            return true
        case .style, .noscript, .title, .iframe, .noembed, .noframes: return true
        case .html, .head, .body: return false
        default:
            guard tag == .template || HiddenText.isHidden(tape, at: index, includesUnseen: true) else { return false }
            hiddenLetters += tape.letters(in: content)
            return true
        }
    }
}

/// What part an element plays in a page.
private enum PageRole {
    /// An application is put into it, or it is the main part.
    case root
    /// It stands beside what there is to read.
    case beside
    case other

    private static let roots: Set<String> = [
        "root", "app", "__next", "__nuxt", "___gatsby", "react-root", "app-root", "root-app", "main-app", "vue-app",
        "svelte", "sveltekit", "q-app", "ember-app", "application", "app-container", "react-app", "reactroot", "mount",
        "spa", "main", "main-content", "content", "page-content",
    ]
    private static let besideRoles: Set<String> = [
        "navigation", "banner", "contentinfo", "complementary", "dialog", "alertdialog", "menu", "menubar", "search",
        "toolbar",
    ]
    private static let besideWords: Set<String> = [
        "nav", "navbar", "navigation", "menu", "topbar", "sidebar", "footer", "header", "masthead", "site-header",
        "site-footer", "site-nav", "breadcrumb", "breadcrumbs", "skip-link",
    ]
    private static let containers: Set<Tag> = [.known("div"), .known("section"), .known("article")]
    private static let bannerWords = ["cookie", "consent", "gdpr", "onetrust", "privacy-banner"]

    init(of index: Int, in tape: Tape) {
        let tag = tape.events[index].tag
        func words(_ name: AttributeName) -> [Substring] {
            guard let value = tape.value(of: name, at: index) else { return [] }
            return String(decoding: value, as: UTF8.self).lowercased().split(whereSeparator: \.isWhitespace)
        }
        switch tag {
        case .main: self = .root
        case .html, .body, .a: self = .other
        case .nav, .header, .footer, .aside, .dialog, .button, .select: self = .beside
        default:
            guard tape.events[index].second >= 0 else {
                self = tape.applications.contains(tag) ? .root : .other
                return
            }
            let identity = words(.id)
            let names = identity + words(.classes)
            let isMain = Self.containers.contains(tag) && identity.contains { Self.roots.contains(String($0)) }
            let isRoot = isMain || tape.applications.contains(tag) || words(.role) == ["main"]
            let isBeside =
                words(.role).contains { Self.besideRoles.contains(String($0)) }
                || names.contains { name in
                    Self.besideWords.contains(String(name)) || Self.bannerWords.contains { name.contains($0) }
                }
            self = isRoot ? .root : isBeside ? .beside : .other
        }
    }
}

extension Tape {
    /// How many bytes of the text in `range` are no blanks; scripts and styles are none of it.
    func letters(in range: Range<Int>) -> Int {
        var count = 0
        for index in range where events[index].kind == .text {
            if index > 0, events[index - 1].kind == .open, [.script, .style].contains(events[index - 1].tag) {
                continue
            }
            for byte in text[Int(events[index].first)..<Int(events[index].second)] where byte > 0x20 { count += 1 }
        }
        return count
    }

    fileprivate func textBytes(in range: Range<Int>) -> Int {
        range.reduce(0) { events[$1].kind == .text ? $0 + Int(events[$1].second - events[$1].first) : $0 }
    }
}
