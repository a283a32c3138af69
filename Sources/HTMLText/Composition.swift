internal import PythonText

/// Puts parts of a page where a browser shows them: shadow trees that the page declares, and parts that a server streams
/// after the page, each with a call that moves it to its place.
///
/// Each event is copied at most once, so the time is linear in the size of the page.
struct Composition {
    private let tape: Tape
    private var result: TapeCopy
    private let parts: StreamedParts
    /// The slots of each shadow tree, and in which of these what they show stands itself; the first is of none.
    private var levels: [(slots: Slots, outer: Int)] = [(Slots(), 0)]
    private var depth = 0

    /// Trees and parts within others; deeper ones are left out.
    private static let depthMax = 64

    /// Whether `source` has parts after the page; their tape has to have what elements are called.
    static func isStreamed(_ source: [UInt8]) -> Bool {
        var rest = source[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            if StreamedParts.calls.contains(where: { source.hasBytes($0, at: dollar) }) { return true }
            rest = rest[(dollar + 1)...]
        }
        return false
    }

    /// `tape` in the order in which it is shown.
    static func composed(_ tape: Tape, isStreamed: Bool) -> Tape {
        let parts = isStreamed ? StreamedParts(in: tape) : StreamedParts()
        guard tape.hasShadowTrees || !parts.isEmpty else { return tape }
        var composition = Composition(tape, parts)
        composition.copy(tape.events.indices, in: 0)
        return composition.result.result
    }

    private init(_ tape: Tape, _ parts: StreamedParts) {
        self.tape = tape
        self.parts = parts
        result = TapeCopy(of: tape)
    }

    private mutating func copy(_ range: Range<Int>, in level: Int) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { return }
        var index = range.lowerBound
        while index < range.upperBound {
            Steps.take()
            if copyMoved(at: index, in: level) {
                index = parts.fallbackEnd[index] ?? Int(tape.events[index].first) + 1
            } else {
                result.copy(index..<index + 1)
                index += 1
            }
        }
    }

    /// Copies what is shown in place of the element at `index`; false if that is the element itself.
    private mutating func copyMoved(at index: Int, in level: Int) -> Bool {
        let event = tape.events[index]
        guard event.kind == .open else { return false }
        if parts.all.contains(index) { return true }
        if let part = parts.ofPlaceholder[index] {
            copy(content(of: part), in: level)
            return true
        }
        if event.tag == .slot, let shown = levels[level].slots.take(tape.value(of: .name, at: index)) {
            for range in shown { copy(range, in: levels[level].outer) }
            return true
        }
        guard tape.hasShadowTrees, let template = shadowTree(of: index) else { return false }
        levels.append((Slots(of: content(of: index), in: tape, without: template), level))
        result.open(index)
        copy(content(of: template), in: levels.count - 1)
        result.close()
        return true
    }

    private func content(of element: Int) -> Range<Int> { element + 1..<Int(tape.events[element].first) }

    /// The template among the children of `host` that declares its shadow tree.
    private func shadowTree(of host: Int) -> Int? {
        tape.children(in: content(of: host)).first { child in
            tape.events[child].kind == .open && tape.events[child].tag == .template
                && tape.value(of: .shadowRootMode, at: child) != nil
        }
    }
}

extension Tape {
    /// The events in `range`, without those within another of them.
    fileprivate func children(in range: Range<Int>) -> some Sequence<Int> {
        sequence(first: range.lowerBound) { events[$0].kind == .open ? Int(events[$0].first) + 1 : $0 + 1 }
            .prefix { $0 < range.upperBound }
    }
}

/// What the host of a shadow tree holds, by the slots it is shown in; the nameless one has an empty name.
private struct Slots {
    private var ranges: [[UInt8]: [Range<Int>]] = [:]

    init() {}

    /// What stands in `content`, but for the `template` of the tree itself.
    init(of content: Range<Int>, in tape: Tape, without template: Int) {
        for index in tape.children(in: content) where index != template {
            let isElement = tape.events[index].kind == .open
            let name = isElement ? tape.value(of: .slot, at: index).map(Array.init) : nil
            ranges[name ?? [], default: []].append(index..<(isElement ? Int(tape.events[index].first) + 1 : index + 1))
        }
    }

    /// What is shown in the slot called `name`, once; nil if its own content is.
    mutating func take(_ name: ArraySlice<UInt8>?) -> [Range<Int>]? {
        ranges.removeValue(forKey: name.map(Array.init) ?? [])
    }
}

/// Parts of a page that React's server sends when they are ready: hidden, after the rest, with a call that names the
/// placeholder and the part.
private struct StreamedParts {
    static let calls = ["$RC(", "$RR(", "$RS("].map { Array($0.utf8) }

    /// Which part belongs in the place of which placeholder, by their events.
    private(set) var ofPlaceholder: [Int: Int] = [:]
    private(set) var all: Set<Int> = []
    /// Where what is shown until the part comes ends, by the placeholder that it follows.
    private(set) var fallbackEnd: [Int: Int] = [:]

    var isEmpty: Bool { ofPlaceholder.isEmpty }

    init() {}

    init(in tape: Tape) {
        ofPlaceholder = Self.partOfPlaceholder(in: tape)
        all = Set(ofPlaceholder.values)
        guard !isEmpty, !tape.boundaries.isEmpty else { return }
        fallbackEnd = Self.fallbackEnds(in: tape).filter { ofPlaceholder[$0.key] != nil }
    }

    /// Where the fallback after each placeholder ends: `<!--$?--><template id="B:0"></template>…<!--/$-->`.
    private static func fallbackEnds(in tape: Tape) -> [Int: Int] {
        var ends: [Int: Int] = [:]
        // Boundaries that have begun and not ended, with the element that each is in.
        var begun: [(index: Int, depth: Int)] = []
        var depth = 0
        for (index, event) in tape.events.enumerated() {
            switch event.kind {
            case .open: depth += 1
            case .close:
                while let last = begun.last, last.depth >= depth { begun.removeLast() }
                depth -= 1
            case .comment:
                guard let boundary = tape.boundaries[index] else { continue }
                if boundary != .end {
                    begun.append((index, depth))
                } else if let last = begun.last, last.depth == depth {
                    begun.removeLast()
                    if tape.boundaries[last.index] == .beginFallback { ends[last.index + 1] = index }
                }
            case .text, .replaced, .removed: break
            }
        }
        return ends
    }

    private static func partOfPlaceholder(in tape: Tape) -> [Int: Int] {
        var elements: [[UInt8]: Int] = [:]
        var moves: [(placeholder: [UInt8], part: [UInt8])] = []
        for index in tape.events.indices where tape.events[index].kind == .open {
            if let name = tape.value(of: .id, at: index), elements[Array(name)] == nil { elements[Array(name)] = index }
            let content = tape.events[index + 1]
            guard tape.events[index].tag == .script, content.kind == .text else { continue }
            moves += Self.moves(in: tape.text[Int(content.first)..<Int(content.second)])
        }
        var result: [Int: Int] = [:]
        var taken: Set<Int> = []
        for (first, second) in moves {
            guard let placeholder = elements[first], let part = elements[second],
                tape.events[placeholder].tag == .template,
                tape.value(of: .hidden, at: part) != nil, taken.insert(part).inserted
            else { continue }
            result[placeholder] = part
        }
        return result
    }

    private static func moves(in script: ArraySlice<UInt8>) -> [(placeholder: [UInt8], part: [UInt8])] {
        var moves: [(placeholder: [UInt8], part: [UInt8])] = []
        var rest = script
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            rest = rest[dollar...]
            guard let call = calls.first(where: { rest.starts(with: $0) }) else {
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst(call.count)
            guard let first = literal(at: &rest), rest.popFirst() == UInt8(ascii: ","), let second = literal(at: &rest)
            else { continue }
            // `$RS` names the part first.
            moves.append(call == calls[2] ? (second, first) : (first, second))
        }
        return moves
    }

    /// A short string without escapes, in quotes.
    private static func literal(at rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        guard let end = rest.dropFirst().prefix(64).firstIndex(of: quote) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return Array(rest[(rest.startIndex + 1)..<end])
    }
}
