/// Tells what a terminal shows from what controls it.
struct SequenceParser {
    /// What a terminal does.
    enum Action: Equatable {
        case print(Unicode.Scalar)
        case lineFeed
        case carriageReturn
        case backspace
        case tab
        /// Goes to another line of the screen.
        case otherLine
        /// A control sequence: its last character and its numbers, 0 for those left out.
        case control(Unicode.Scalar, [Int])
    }

    private enum State {
        case text
        case escape
        /// After `ESC` and a character that needs another one.
        case escapeIntermediate
        case control
        /// A title, or what else a terminal reads without showing it; it ends at the line's end if it is a title.
        case string(isTitle: Bool)
        case stringEscape
    }

    /// How long a control sequence may be; a longer one is dropped.
    private static let parametersMax = 64
    /// After how many characters a string that has not ended is given up: a program may begin one by accident.
    private static let titleMax = 4096
    private static let stringMax = 1 << 20

    private var state = State.text
    private var parameters = ""
    private var stringLength = 0

    /// What a character does, nil if nothing yet.
    mutating func take(_ scalar: Unicode.Scalar) -> Action? {
        switch state {
        case .text: return text(scalar)
        case .escape: return escape(scalar)
        case .escapeIntermediate:
            if !(0x20...0x2F).contains(scalar.value) { state = .text }
            return nil
        case .control: return control(scalar)
        case .string(let isTitle): return string(scalar, isTitle: isTitle)
        case .stringEscape:
            // Anything but the string's end begins a sequence of its own.
            if scalar != "\\" { return escape(scalar) }
            state = .text
            return nil
        }
    }

    private mutating func text(_ scalar: Unicode.Scalar) -> Action? {
        switch scalar.value {
        case 0x0A...0x0C, 0x85: return .lineFeed
        case 0x0D: return .carriageReturn
        case 0x08: return .backspace
        case 0x09: return .tab
        case 0x1B: state = .escape
        case 0x9B: beginControl()
        case 0x9D: beginString(isTitle: true)
        case 0x90, 0x98, 0x9E, 0x9F: beginString(isTitle: false)
        case 0..<0x20, 0x7F..<0xA0: break
        default: return .print(scalar)
        }
        return nil
    }

    private mutating func escape(_ scalar: Unicode.Scalar) -> Action? {
        state = .text
        switch scalar {
        case "[": beginControl()
        case "]": beginString(isTitle: true)
        case "P", "X", "^", "_": beginString(isTitle: false)
        case "D", "E": return .lineFeed
        case "M", "c": return .otherLine
        case "\u{1B}": state = .escape
        case "\u{20}"..."\u{2F}": state = .escapeIntermediate
        default:
            // A control character has its effect also within a sequence.
            if scalar.value < 0x20 { return text(scalar) }
        }
        return nil
    }

    private mutating func beginControl() {
        state = .control
        parameters = ""
    }

    private mutating func control(_ scalar: Unicode.Scalar) -> Action? {
        switch scalar.value {
        case 0x40...0x7E:
            state = .text
            // Private ones, and those with more characters before the last, change nothing that is shown.
            guard parameters.unicodeScalars.count < Self.parametersMax,
                parameters.unicodeScalars.allSatisfy({ ("0"..."9").contains($0) || $0 == ";" || $0 == ":" })
            else { return nil }
            let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false)
            return .control(scalar, numbers.map { min(Int($0) ?? 0, 9999) })
        case 0x20...0x3F:
            if parameters.unicodeScalars.count < Self.parametersMax { parameters.unicodeScalars.append(scalar) }
            return nil
        case 0x18, 0x1A:
            state = .text
            return nil
        case 0x1B:
            state = .escape
            return nil
        case 0..<0x20:
            let saved = state
            defer { state = saved }
            return text(scalar)
        default:
            state = .text
            return text(scalar)
        }
    }

    private mutating func beginString(isTitle: Bool) {
        state = .string(isTitle: isTitle)
        stringLength = 0
    }

    private mutating func string(_ scalar: Unicode.Scalar, isTitle: Bool) -> Action? {
        state = .string(isTitle: isTitle)
        stringLength += 1
        switch scalar.value {
        case 0x1B: state = .stringEscape
        case 0x18, 0x1A, 0x9C: state = .text
        case 0x07 where isTitle: state = .text
        case 0x0A where isTitle:
            state = .text
            return .lineFeed
        default:
            if stringLength >= (isTitle ? Self.titleMax : Self.stringMax) { state = .text }
        }
        return nil
    }
}
