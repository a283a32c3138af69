internal import PythonText

/// Goes through an edited tape and hands its tags and its stretches of text to an emitter.
///
/// A stretch is what a serialized page has between two tags: text, what links and images became, and short
/// superscripts, which are written as `^{…}`.
struct TapeReader {
    private let tape: Tape
    private let replacements: Replacements
    private let root: PageRoot
    private let keepsPreformattedTokens: Bool
    private let word = ScalarSet.word
    private var scratch: [UInt8] = []
    /// Whether a space was put before these tags, or cannot be.
    private var hasSpaceBeforeTags = false
    /// The last empty element whose name was cut.
    private var emptyElementCut = -1

    init(_ tape: Tape, _ replacements: Replacements, root: PageRoot, fixes: HTMLFixes) {
        self.tape = tape
        self.replacements = replacements
        self.root = root
        keepsPreformattedTokens = fixes.contains(.keepsPreformattedTokens)
    }

    mutating func read(into emitter: inout Emitter) {
        var index = root.events.lowerBound
        while index < root.events.upperBound, !emitter.isFull {
            Steps.take()
            let event = tape.events[index]
            switch event.kind {
            case .text, .replaced: index = readStretch(at: index, into: &emitter)
            case .open where plainContent(at: index) != nil: index = readStretch(at: index, into: &emitter)
            case .open:
                if index == root.root, root.isWrapper {
                    emitter.startWrapper(isBlock: root.isBlock)
                } else {
                    emitter.start(shownTag(event.tag, at: index), tape, at: index)
                }
                index += 1
            case .close:
                if Int(event.first) == root.root, root.isWrapper {
                    emitter.endWrapper(isBlock: root.isBlock)
                } else {
                    emitter.end(shownTag(event.tag, at: index))
                }
                index += 1
            case .comment:
                if event.first == 1 { hasSpaceBeforeTags = false }
                index += 1
            case .removed: index = endOfRemoved(at: index)
            }
        }
    }

    /// What a tag is taken for: one with a `<` in its name is cut there, for that is where the space goes that is put
    /// before tags between two words, if nothing in front of the tag is a word.
    private mutating func shownTag(_ tag: Tag, at index: Int) -> Tag {
        guard !tape.beginnings.isEmpty, let beginning = tape.beginnings[tag] else { return tag }
        // An empty element is one tag where it is serialized.
        if tape.events[index].kind == .close, Int(tape.events[index].first) == emptyElementCut { return beginning }
        guard !hasSpaceBeforeTags, beginsWithWord(at: index + 1) else { return tag }
        hasSpaceBeforeTags = true
        emptyElementCut = Int(tape.events[index].first) == index + 1 ? index : -1
        return beginning
    }

    /// Where to go on after a removed element, and after the text that goes with it.
    private func endOfRemoved(at index: Int) -> Int {
        let event = tape.events[index]
        var next = Int(event.first) + 1
        guard event.second == 1 else { return next }
        while next < root.events.upperBound {
            Steps.take()
            switch tape.events[next].kind {
            case .text: next += 1
            case .replaced: next = Int(tape.events[next].first) + 1
            case .open, .close, .comment, .removed: return next
            }
        }
        return next
    }

    // MARK: Stretches

    /// Hands over the stretch that begins at `index`, and says what comes after it.
    private mutating func readStretch(at index: Int, into emitter: inout Emitter) -> Int {
        let event = tape.events[index]
        let isScript = event.kind == .text && index > 0 && isScript(tape.events[index - 1])
        if event.kind == .text, !continues(at: index + 1) {
            let range = Int(event.first)..<Int(event.second)
            let hasSpace = endsBeforeWord(tape.text, range, next: index + 1, isInPre: emitter.isPre)
            emitter.text(tape.text, range, hasSpaceAfter: hasSpace, isScript: isScript)
            return index + 1
        }
        scratch.removeAll(keepingCapacity: true)
        var next = index
        while next < root.events.upperBound, continues(at: next) { next = appendPart(at: next) }
        let range = 0..<scratch.count
        let hasSpace = endsBeforeWord(scratch, range, next: next, isInPre: emitter.isPre)
        emitter.text(scratch, range, hasSpaceAfter: hasSpace, isScript: isScript)
        return next
    }

    private func isScript(_ event: Tape.Event) -> Bool {
        event.kind == .open && (event.tag == .script || event.tag == .style)
    }

    /// Whether the event at `index` is part of a stretch that began before it.
    private func continues(at index: Int) -> Bool {
        guard index < root.events.upperBound else { return false }
        switch tape.events[index].kind {
        case .text, .replaced, .removed: return true
        case .open: return plainContent(at: index) != nil
        case .close, .comment: return false
        }
    }

    private mutating func appendPart(at index: Int) -> Int {
        let event = tape.events[index]
        switch event.kind {
        case .text:
            scratch += tape.text[Int(event.first)..<Int(event.second)]
            return index + 1
        case .replaced:
            scratch += replacements.text[replacements[event.second]]
            return Int(event.first) + 1
        case .removed: return endOfRemoved(at: index)
        case .open:
            scratch += [event.tag == .sup ? UInt8(ascii: "^") : UInt8(ascii: "_"), UInt8(ascii: "{")]
            scratch += plainContent(at: index) ?? []
            scratch.append(UInt8(ascii: "}"))
            return Int(event.first) + 1
        case .close, .comment: return index + 1
        }
    }

    /// The content of a superscript or subscript, if it is nothing but word characters and hyphens.
    private func plainContent(at index: Int) -> [UInt8]? {
        let event = tape.events[index]
        guard event.tag == .sup || event.tag == .sub else { return nil }
        var content: [UInt8] = []
        var position = index + 1
        while position < Int(event.first) {
            Steps.take()
            let inner = tape.events[position]
            switch inner.kind {
            case .text:
                guard isPlain(tape.text, Int(inner.first)..<Int(inner.second)) else { return nil }
                content += tape.text[Int(inner.first)..<Int(inner.second)]
                position += 1
            case .replaced:
                guard isPlain(replacements.text, replacements[inner.second]) else { return nil }
                content += replacements.text[replacements[inner.second]]
                position = Int(inner.first) + 1
            case .removed: position = endOfRemoved(at: position)
            case .open, .close, .comment: return nil
            }
        }
        return content.isEmpty ? nil : content
    }

    private func isPlain(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            Steps.take()
            let (scalar, length) = bytes.scalar(at: index)
            guard scalar == 0x2D || word.contains(scalar) else { return false }
            index += length
        }
        return true
    }

    // MARK: Words that touch across tags

    /// Whether a stretch ends in a word character, and the text after the next tags begins with one.
    private mutating func endsBeforeWord(_ bytes: [UInt8], _ range: Range<Int>, next: Int, isInPre: Bool) -> Bool {
        guard let last = range.isEmpty ? nil : bytes[range.upperBound - 1] else { return false }
        let isWord = last < 0x80 ? Self.isWord(last) : word.contains(bytes.scalar(before: range.upperBound).value)
        hasSpaceBeforeTags = isWord
        return isWord && !(isInPre && keepsPreformattedTokens) && beginsWithWord(at: next)
    }

    private func beginsWithWord(at start: Int) -> Bool {
        var index = start
        while index < root.events.upperBound {
            Steps.take()
            let event = tape.events[index]
            switch event.kind {
            case .text: return word.contains(tape.text.scalar(at: Int(event.first)).value)
            case .replaced:
                let range = replacements[event.second]
                if !range.isEmpty { return word.contains(replacements.text.scalar(at: range.lowerBound).value) }
                index = Int(event.first) + 1
            case .removed: index = endOfRemoved(at: index)
            case .comment:
                if event.first == 1 { return event.second == 1 }
                index += 1
            case .open:
                // `_{` begins with a word character, `^{` does not.
                if plainContent(at: index) != nil { return event.tag == .sub }
                index += 1
            case .close: index += 1
            }
        }
        return false
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "_")
    }
}
