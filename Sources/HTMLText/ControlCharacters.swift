internal import PythonText

/// Where the reference fails a page: a character that XML does not allow, in text that a link or an image became part of.
struct ControlCharacters {
    static let complaint =
        "All strings must be XML compatible: Unicode or ASCII, no NULL bytes or control characters"

    private let tape: Tape
    private let replacements: Replacements

    /// A stretch of text between elements that stay.
    private struct Stretch {
        var hasReplacement = false
        var hasControl = false
    }

    static func failPage(_ editor: LinkEditor, in range: Range<Int>) -> Bool {
        guard editor.tape.hasControlCharacters else { return false }
        return ControlCharacters(tape: editor.tape, replacements: editor.replacements).fail(in: range)
    }

    private func fail(in range: Range<Int>) -> Bool {
        var stretches = [Stretch()]
        func isOver(_ stretch: Stretch) -> Bool { stretch.hasReplacement && stretch.hasControl }
        for index in range {
            let event = tape.events[index]
            let last = stretches.count - 1
            switch event.kind {
            case .text:
                stretches[last].hasControl =
                    stretches[last].hasControl || Self.hasControl(tape.text, Int(event.first)..<Int(event.second))
            case .replaced:
                let isControl = Self.hasControl(replacements.text, replacements[event.second])
                if isControl { return true }
                stretches[last].hasReplacement = true
                // What is in it forms stretches of its own, and then the one around it goes on.
                stretches.append(Stretch())
            case .open, .removed:
                if isOver(stretches[last]) { return true }
                stretches[last] = Stretch()
                stretches.append(Stretch())
            case .close:
                if isOver(stretches[last]) { return true }
                if stretches.count > 1 { stretches.removeLast() }
            case .comment:
                if isOver(stretches[last]) { return true }
                stretches[last] = Stretch()
            }
        }
        return stretches.contains(where: isOver)
    }

    private static func hasControl(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = text[index]
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D { return true }
            // U+FFFE and U+FFFF.
            if byte == 0xEF, index + 2 < range.upperBound, text[index + 1] == 0xBF, text[index + 2] >= 0xBE {
                return true
            }
            index += 1
        }
        return false
    }
}
