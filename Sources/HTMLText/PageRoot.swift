internal import PythonText

/// Which part of a tape is shown: the whole document, or what stands for a fragment of one.
///
/// The rules are those of `lxml.html.fromstring`: a source that does not begin as a document is taken for a fragment.
struct PageRoot {
    /// The events that are shown, the root's own and the text after it among them.
    var events: Range<Int>
    /// The event of the root element; its links and images are not looked for.
    let root: Int
    /// The root is a body that stands for a wrapper: its tags say nothing of their own.
    let isWrapper: Bool
    /// The wrapper is a `div`, not a `span`.
    let isBlock: Bool

    /// Chooses the root of `tape`, and puts several bodies into one; nil for a tape without elements.
    init?(of tape: inout Tape, source: [UInt8], fixes: HTMLFixes) {
        guard !tape.events.isEmpty else { return nil }
        let document = PageRoot(events: 0..<tape.events.count, root: 0)
        if Self.looksLikeDocument(source) {
            self = document
            return
        }
        Self.joinBodies(of: &tape)
        let children = Self.children(of: 0, in: tape)
        let bodies = children.filter { tape.events[$0].tag == .body && tape.events[$0].kind == .open }
        let hasHead = children.contains { tape.events[$0].tag == .head && tape.events[$0].kind == .open }
        guard let body = bodies.first, !hasHead else {
            self = PageRoot(events: 0..<tape.events.count, root: 0)
            return
        }
        if !fixes.contains(.mendsLinks), let child = Self.onlyChild(of: body, in: tape) {
            self = PageRoot(events: child..<Self.end(of: child, in: tape), root: child)
            return
        }
        let end = Self.end(of: body, in: tape)
        self = PageRoot(
            events: body..<end,
            root: body,
            isWrapper: true,
            isBlock: tape.events[body..<end].contains { event in
                event.kind == .open && event.tag.isKnown && TagTraits.byNumber[Int(event.tag.number)].isBlock
            }
        )
    }

    private init(events: Range<Int>, root: Int, isWrapper: Bool = false, isBlock: Bool = false) {
        self.events = events
        self.root = root
        self.isWrapper = isWrapper
        self.isBlock = isBlock
    }

    private static func looksLikeDocument(_ source: [UInt8]) -> Bool {
        var index = 0
        while index < source.count {
            Steps.take()
            let length = Whitespace.length(in: source, at: index)
            if length == 0 { break }
            index += length
        }
        let rest = source[index...].prefix(10)
        let lowered = rest.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
        return lowered.starts(with: "<html".utf8) || lowered.starts(with: "<!doctype".utf8)
    }

    /// The events below `parent` that are no text: elements and comments.
    private static func children(of parent: Int, in tape: Tape) -> [Int] {
        var children: [Int] = []
        var index = parent + 1
        let end = Int(tape.events[parent].first)
        while index < end {
            Steps.take()
            switch tape.events[index].kind {
            case .open:
                children.append(index)
                index = Int(tape.events[index].first) + 1
            case .comment:
                children.append(index)
                index += 1
            case .close, .text, .replaced, .removed: index += 1
            }
        }
        return children
    }

    /// One past what belongs to a child: its events and the text after it.
    private static func end(of child: Int, in tape: Tape) -> Int {
        let end = tape.events[child].kind == .open ? Int(tape.events[child].first) + 1 : child + 1
        return end < tape.events.count && tape.events[end].kind == .text ? end + 1 : end
    }

    /// The only child of `body`, if no text stands beside it.
    private static func onlyChild(of body: Int, in tape: Tape) -> Int? {
        let children = children(of: body, in: tape)
        guard children.count == 1, let child = children.first else { return nil }
        let end = end(of: child, in: tape)
        let isAlone = [body + 1, end - 1].allSatisfy { index in
            let event = tape.events[index]
            guard event.kind == .text, index == body + 1 || index > child else { return true }
            return Whitespace.stripped(Array(tape.text[Int(event.first)..<Int(event.second)])).isEmpty
        }
        return isAlone ? child : nil
    }

    /// Moves what is in further bodies and heads after what is in the first.
    private static func joinBodies(of tape: inout Tape) {
        let children = children(of: 0, in: tape)
        func all(_ tag: Tag) -> [Int] {
            children.filter { tape.events[$0].kind == .open && tape.events[$0].tag == tag }
        }
        let (bodies, heads) = (all(.body), all(.head))
        guard bodies.count > 1 || heads.count > 1 else { return }
        let moved = Set(bodies + heads)
        var joined = TapeCopy(of: tape)
        joined.open(0)
        var index = 1
        let end = Int(tape.events[0].first)
        while index < end {
            Steps.take()
            let next = tape.events[index].kind == .open ? Int(tape.events[index].first) + 1 : index + 1
            if index == bodies.first {
                joined.open(index)
                for body in bodies { joined.copyContent(of: body) }
                joined.close()
            } else if index == heads.first {
                joined.open(index)
                for (number, head) in heads.enumerated() { joined.copyContent(of: head, withLeadingText: number == 0) }
                joined.close()
            } else if !moved.contains(index) {
                joined.copy(index..<next)
            }
            index = next
        }
        joined.close()
        tape = joined.result
    }
}
