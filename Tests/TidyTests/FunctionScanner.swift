/// Finds functions and initializers by counting braces, in code whose comments and literals are blank.
struct FunctionScanner {
    private var found: [SwiftSource.Function] = []
    /// Where each open brace's function began; nil for a brace that opens something else.
    private var braces: [Int?] = []
    private var parentheses = 0
    /// A function whose body has not begun: a requirement of a protocol never gets one.
    private var pending: (line: Int, parentheses: Int)?
    private var previous = ""

    static func functions(in code: [String]) -> [SwiftSource.Function] {
        var scanner = FunctionScanner()
        for (index, line) in code.enumerated() {
            for token in tokens(of: line) {
                scanner.read(token, line: index + 1)
            }
        }
        return scanner.found.sorted { $0.line < $1.line }
    }

    private mutating func read(_ token: String, line: Int) {
        switch token {
        case "func": pending = (line, parentheses)
        // `.init` is a call, and so is a closure's or a macro's that follows a dot.
        case "init" where previous != ".": pending = (line, parentheses)
        case "var", "let", "case", "subscript": endPending()
        case "(", "[": parentheses += 1
        case ")", "]": parentheses -= 1
        case "{": open()
        case "}": close(line: line)
        default: break
        }
        previous = token
    }

    private mutating func open() {
        let begins = pending.map { $0.parentheses == parentheses } ?? false
        braces.append(begins ? pending?.line : nil)
        if begins { pending = nil }
    }

    private mutating func close(line: Int) {
        endPending()
        guard let first = braces.popLast() ?? nil else { return }
        found.append(SwiftSource.Function(line: first, lineCount: line - first + 1))
    }

    private mutating func endPending() {
        if pending?.parentheses == parentheses { pending = nil }
    }

    /// Words, and each other character by itself.
    static func tokens(of line: String) -> [String] {
        var tokens: [String] = []
        var word = ""
        for character in line {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            if !word.isEmpty { tokens.append(word) }
            word = ""
            if !character.isWhitespace { tokens.append(String(character)) }
        }
        return word.isEmpty ? tokens : tokens + [word]
    }
}
