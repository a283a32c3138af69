/// The elements that are open, from the outermost on, with what answers in one step which of them an end tag closes.
struct OpenElements {
    private struct Element {
        let tag: Tag
        /// Where it starts on the tape.
        let event: Int32
        let priority: Int
        /// The element of the same tag, and of the same priority, that is open around it; -1 for none.
        let outerOfTag: Int32
        let outerOfPriority: Int32
    }

    private var elements: [Element] = []
    /// The innermost element of each tag; -1 for none.
    private var innermostOfTag: [Int32] = Array(repeating: -1, count: Tag.names.count)
    private var innermostOfPriority: [Int32] = Array(repeating: -1, count: TagTraits.priorities)

    var isEmpty: Bool { elements.isEmpty }
    var count: Int { elements.count }
    var innermost: Tag? { elements.last?.tag }

    mutating func push(_ tag: Tag, event: Int32, priority: Int) {
        let number = Int(tag.number)
        if number >= innermostOfTag.count {
            innermostOfTag += Array(repeating: -1, count: number + 1 - innermostOfTag.count)
        }
        let index = Int32(elements.count)
        elements.append(
            Element(
                tag: tag,
                event: event,
                priority: priority,
                outerOfTag: innermostOfTag[number],
                outerOfPriority: innermostOfPriority[priority]
            )
        )
        innermostOfTag[number] = index
        innermostOfPriority[priority] = index
    }

    /// Takes the innermost element off, and says where it starts on the tape.
    mutating func pop() -> (tag: Tag, event: Int32)? {
        guard let element = elements.popLast() else { return nil }
        innermostOfTag[Int(element.tag.number)] = element.outerOfTag
        innermostOfPriority[element.priority] = element.outerOfPriority
        return (element.tag, element.event)
    }

    func contains(_ tag: Tag) -> Bool { index(of: tag) >= 0 }

    /// How many elements an end tag closes: up to the innermost of its tag, none if something of higher priority is in
    /// between.
    func countClosed(by tag: Tag, priority: Int) -> Int {
        let index = index(of: tag)
        guard index >= 0 else { return 0 }
        for higher in (priority + 1)..<max(priority + 1, TagTraits.priorities)
        where innermostOfPriority[higher] > index {
            return 0
        }
        return elements.count - Int(index)
    }

    private func index(of tag: Tag) -> Int32 {
        Int(tag.number) < innermostOfTag.count ? innermostOfTag[Int(tag.number)] : -1
    }
}
