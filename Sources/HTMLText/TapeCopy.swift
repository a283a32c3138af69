/// Puts a tape together from parts of another.
struct TapeCopy {
    private let source: Tape
    private(set) var result: Tape
    private var openElements: [Int] = []

    init(of source: Tape) {
        self.source = source
        result = source
        result.events.removeAll(keepingCapacity: true)
    }

    mutating func open(_ index: Int) {
        openElements.append(result.events.count)
        result.events.append(source.events[index])
    }

    mutating func close() {
        guard let start = openElements.popLast() else { return }
        result.events[start].first = Int32(result.events.count)
        let tag = result.events[start].tag
        result.events.append(Tape.Event(kind: .close, tag: tag, first: Int32(start), second: -1))
    }

    /// Copies what is in the element at `index`, without its tags.
    mutating func copyContent(of index: Int, withLeadingText: Bool = true) {
        var start = index + 1
        let end = Int(source.events[index].first)
        if !withLeadingText, start < end, source.events[start].kind == .text { start += 1 }
        copy(start..<end)
    }

    mutating func copy(_ range: Range<Int>) {
        for index in range {
            Steps.take()
            switch source.events[index].kind {
            case .open: open(index)
            case .close: close()
            case .text: appendText(source.events[index])
            case .comment, .replaced, .removed: result.events.append(source.events[index])
            }
        }
    }

    private mutating func appendText(_ event: Tape.Event) {
        let last = result.events.count - 1
        guard last >= 0, result.events[last].kind == .text else { return result.events.append(event) }
        let before = result.events[last]
        if Int(before.second) != result.text.count {
            result.events[last].first = Int32(result.text.count)
            result.text += source.text[Int(before.first)..<Int(before.second)]
        }
        result.text += source.text[Int(event.first)..<Int(event.second)]
        result.events[last].second = Int32(result.text.count)
    }
}
