internal import PythonText

/// What an element says of being shown.
enum HiddenText {
    /// Whether the element at `index` hides itself: by its attribute, or by a style of its own.
    static func isHidden(_ tape: Tape, at index: Int) -> Bool {
        guard tape.events[index].second >= 0 else { return false }
        if let hidden = tape.value(of: .hidden, at: index) {
            return !LetterCase.lowered(Array(hidden)).elementsEqual("until-found".utf8)
        }
        guard let style = tape.value(of: .style, at: index) else { return false }
        let declarations = LetterCase.lowered(Array(style)).filter { $0 > 0x20 }.split(separator: UInt8(ascii: ";"))
        return declarations.contains { declaration in
            declaration.starts(with: "display:none".utf8) || declaration.starts(with: "visibility:hidden".utf8)
        }
    }
}
