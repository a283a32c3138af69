/// Finds where the pieces of o200k's pre-tokenizer end, in text that may still go on.
///
/// It says exactly what the regular expression of o200k would, but in one pass without going back:
///
/// 1. up to three numbers;
/// 2. a word: one leading character that is no letter, number or newline, then letters and marks, where upper case
///    ends at the first lower case after it, and then a contraction as in `don't`;
/// 3. symbols and marks, with one leading U+0020, and then newlines and slashes;
/// 4. white space: up to its last newline; without one, all but the last character if something follows.
///
/// A scanner is at the beginning of a piece, or was stopped within one by the end of the text; then it goes on where it
/// was when there is more. Offsets are those of the text it is given.
struct PieceScanner: Sendable {
    /// What can be said of the piece at the end of the text.
    enum Boundary: Equatable {
        /// It ends here, whatever follows.
        case closed(Int)
        /// It goes on at least to the end of the text.
        case open
        /// It ends here or goes on at least to the end of the text; what follows decides.
        case fork(Int)
    }

    private typealias Classes = CharacterClasses

    /// Where in the piece the scanner is.
    enum Phase {
        case beginning, number, capitals, word, contraction, symbols, symbolsEnd, space
    }

    private(set) var phase = Phase.beginning
    /// Where the piece begins.
    private(set) var start: Int
    /// What is before this offset has been looked at.
    private var position: Int
    /// Of capitals, the end of the last letter that is not one; of white space, the end of the last newline; of a word
    /// before its contraction, its end; of numbers, how many.
    private var mark = none
    /// Of white space, where its last character begins.
    private(set) var lastSpace: Int

    private static let none = Int.min

    /// A scanner at the beginning of a piece.
    init(at start: Int) {
        self.start = start
        position = start
        lastSpace = start
    }

    /// Looks at the rest of `text`, which goes up to `end`.
    @inline(__always)
    mutating func scan(_ text: Span<UInt8>, _ classes: CharacterClasses) -> Boundary {
        if phase == .beginning, !begin(text, classes) { return .open }
        switch phase {
        case .beginning: return .open
        case .capitals: return scanCapitals(text, classes)
        case .word: return scanWord(text, classes)
        case .contraction: return scanContraction(text)
        case .number: return scanNumbers(text, classes)
        case .symbols: return scanSymbols(text, classes)
        case .symbolsEnd: return scanSymbolsEnd(text)
        case .space: return scanSpace(text, classes)
        }
    }

    /// Where the piece ends if the text does, after a scan that did not close it.
    func endOfLast(in text: Span<UInt8>) -> Int {
        switch phase {
        case .capitals, .space, .contraction: mark != Self.none ? mark : text.count
        case .beginning, .number, .word, .symbols, .symbolsEnd: text.count
        }
    }

    /// Whether what is after a fork may be long: white space after a newline, or capitals.
    ///
    /// If not, it is one character or the beginning of a contraction.
    var isForkOpen: Bool { phase == .capitals || (phase == .space && mark != Self.none) }

    /// Where the piece that began at the fork may end but for the end of the text.
    func otherEnd(beyond fork: Int) -> Int? {
        phase == .space && lastSpace > fork ? lastSpace : nil
    }

    /// The scanner of the piece that began at the fork, which has looked at the same text.
    func beyondFork(at fork: Int) -> PieceScanner {
        var next = PieceScanner(at: fork)
        // A single white space may turn out to lead a word: the scanner looks at it again.
        if phase == .capitals || lastSpace > fork {
            next.phase = phase
            next.position = position
            next.lastSpace = lastSpace
        }
        return next
    }

    /// Moves with the text when `count` bytes are dropped from its front.
    mutating func shift(by count: Int) {
        start -= count
        position -= count
        lastSpace -= count
        if phase != .number, mark != Self.none { mark -= count }
    }
}

extension PieceScanner {
    /// Finds out from the first character, or the first two, what the piece is; false if the second is not there yet.
    @inline(__always)
    private mutating func begin(_ text: Span<UInt8>, _ classes: CharacterClasses) -> Bool {
        guard start < text.count else { return false }
        let first = classes.next(in: text, at: start)
        if first.mask & Classes.wordPart != 0 {
            phase = .capitals
        } else if first.mask & Classes.number != 0 {
            phase = .number
            mark = 0
        } else if first.mask & Classes.newline != 0 {
            phase = .space
        } else {
            guard first.end < text.count else { return false }
            let second = classes.next(in: text, at: first.end)
            if second.mask & Classes.wordPart != 0 {
                phase = .capitals
                position = first.end
            } else if first.mask & Classes.symbol != 0
                || (text[start] == UInt8(ascii: " ") && second.mask & Classes.symbol != 0)
            {
                phase = .symbols
                position = first.end
            } else {
                phase = .space
            }
        }
        return true
    }

    private mutating func scanNumbers(_ text: Span<UInt8>, _ classes: CharacterClasses) -> Boundary {
        while mark < 3 {
            guard position < text.count else { return .open }
            let next = classes.next(in: text, at: position)
            guard next.mask & Classes.number != 0 else { break }
            position = next.end
            mark += 1
        }
        return .closed(position)
    }

    @inline(__always)
    private mutating func scanCapitals(_ text: Span<UInt8>, _ classes: CharacterClasses) -> Boundary {
        while position < text.count {
            let next = classes.next(in: text, at: position)
            guard next.mask & (Classes.upper | Classes.otherLetter | Classes.mark) != 0 else {
                if next.mask & Classes.lower != 0 {
                    phase = .word
                    return scanWord(text, classes)
                }
                // Capitals after a letter without case belong to it only if lower case follows.
                return mark == Self.none || mark == position ? endWord(at: position, text) : .closed(mark)
            }
            position = next.end
            if next.mask & Classes.upper == 0 { mark = position }
        }
        return mark != Self.none && mark < position ? .fork(mark) : .open
    }

    @inline(__always)
    private mutating func scanWord(_ text: Span<UInt8>, _ classes: CharacterClasses) -> Boundary {
        while position < text.count {
            let next = classes.next(in: text, at: position)
            guard next.mask & (Classes.lower | Classes.otherLetter | Classes.mark) != 0 else {
                return endWord(at: position, text)
            }
            position = next.end
        }
        return .open
    }

    @inline(__always)
    private mutating func endWord(at end: Int, _ text: Span<UInt8>) -> Boundary {
        guard text[end] == UInt8(ascii: "'") else { return .closed(end) }
        phase = .contraction
        mark = end
        return scanContraction(text)
    }

    /// `'s`, `'t`, `'m`, `'d`, `'re`, `'ve` and `'ll` in either case; U+017F is an `s` when case is ignored.
    private func scanContraction(_ text: Span<UInt8>) -> Boundary {
        guard mark + 1 < text.count else { return .fork(mark) }
        let second: UInt8
        switch text[mark + 1] | 0x20 {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return .closed(mark + 2)
        case UInt8(ascii: "r"), UInt8(ascii: "v"): second = UInt8(ascii: "e")
        case UInt8(ascii: "l"): second = UInt8(ascii: "l")
        default:
            let isLongS = text[mark + 1] == 0xC5 && text[mark + 2] == 0xBF
            return .closed(isLongS ? mark + 3 : mark)
        }
        guard mark + 2 < text.count else { return .fork(mark) }
        return .closed(text[mark + 2] | 0x20 == second ? mark + 3 : mark)
    }

    @inline(__always)
    private mutating func scanSymbols(_ text: Span<UInt8>, _ classes: CharacterClasses) -> Boundary {
        while position < text.count {
            let next = classes.next(in: text, at: position)
            guard next.mask & (Classes.symbol | Classes.mark) != 0 else {
                phase = .symbolsEnd
                return scanSymbolsEnd(text)
            }
            position = next.end
        }
        return .open
    }

    private mutating func scanSymbolsEnd(_ text: Span<UInt8>) -> Boundary {
        while position < text.count {
            let byte = text[position]
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "/") else {
                return .closed(position)
            }
            position += 1
        }
        return .open
    }

    @inline(__always)
    private mutating func scanSpace(_ text: Span<UInt8>, _ classes: CharacterClasses) -> Boundary {
        while position < text.count {
            let next = classes.next(in: text, at: position)
            guard next.mask & (Classes.newline | Classes.space) != 0 else {
                if mark != Self.none { return .closed(mark) }
                return .closed(lastSpace > start ? lastSpace : position)
            }
            lastSpace = position
            position = next.end
            if next.mask & Classes.newline != 0 { mark = position }
        }
        if mark != Self.none { return mark == position ? .open : .fork(mark) }
        return lastSpace > start ? .fork(lastSpace) : .open
    }
}
