/// A function or an initializer as it is declared, with or without a body.
struct Declaration: Equatable, Sendable {
    /// The line of its name, from 1 on.
    let line: Int
    /// How many parameters have no label.
    let unlabelledCount: Int
    /// Whether it throws by itself, so not one that rethrows.
    let isThrowing: Bool
    /// Whether a modifier on its line makes it `public` or `package`.
    let isShared: Bool

    /// The declarations in code whose comments and literals are blank.
    static func all(in code: [String]) -> [Declaration] {
        var tokens: [Token] = []
        for (index, line) in code.enumerated() {
            tokens += FunctionScanner.tokens(of: line).map { Token(text: $0, line: index + 1) }
        }
        return tokens.indices.compactMap { Declaration(at: $0, in: tokens) }
    }

    private struct Token {
        let text: String
        let line: Int
    }

    /// The one whose keyword is the token at `start`; nil if none begins there.
    private init?(at start: Int, in tokens: [Token]) {
        // A call follows a dot; a name in backticks is blank.
        let isInitializer = tokens[start].text == "init" && (start == 0 || tokens[start - 1].text != ".")
        guard tokens[start].text == "func" || isInitializer else { return nil }
        guard var place = tokens[start...].firstIndex(where: { $0.text == "(" }) else { return nil }
        var depth = 0
        var unlabelledCount = 0
        repeat {
            switch tokens[place].text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            default: break
            }
            let endsParameter = tokens[place].text == "," || tokens[place].text == "("
            place += 1
            guard place < tokens.count else { return nil }
            if depth == 1, endsParameter, tokens[place].text == "_" { unlabelledCount += 1 }
        } while depth > 0
        let effects = tokens[place...].prefix { $0.text == "async" || $0.text == "throws" }
        let before = tokens[..<start].reversed().prefix { $0.line == tokens[start].line }
        line = tokens[start].line
        self.unlabelledCount = unlabelledCount
        isThrowing = effects.contains { $0.text == "throws" }
        isShared = before.contains { $0.text == "public" || $0.text == "package" }
    }
}

extension SwiftSource {
    /// What a doc comment says above a line, from 1 on; nil if there is none. Attributes may stand between.
    func docComment(above line: Int) -> String? {
        let above = code.indices.prefix(line - 1).reversed().drop { code[$0].contains(#/^ *@/#) }
        let comment = above.prefix { code[$0].allSatisfy(\.isWhitespace) && comments[$0].contains("///") }
        return comment.isEmpty ? nil : comment.reversed().map { comments[$0] }.joined(separator: "\n")
    }

    /// The lines, from 1 on, of the types and extensions that a line is in, the innermost first. The format is ours, which
    /// indents what is in them.
    func enclosingTypes(of line: Int) -> [Int] {
        var depth = Self.indentation(of: code[line - 1])
        var lines: [Int] = []
        for index in code.indices.prefix(line - 1).reversed() {
            let indentation = Self.indentation(of: code[index])
            guard indentation < depth, code[index].contains(#/\w/#) else { continue }
            depth = indentation
            if code[index].contains(#/\b(?:struct|class|enum|actor|protocol|extension) /#) { lines.append(index + 1) }
        }
        return lines
    }

    private static func indentation(of line: String) -> Int { line.utf8.prefix { $0 == UInt8(ascii: " ") }.count }
}
