/// A Swift file, taken apart.
struct SwiftSource: Sendable {
    /// Where it is, from the root of the repository.
    let path: String
    /// The code alone: comments, and what stands in quotes, are blank; every line is where it was.
    let code: [String]
    /// The comments alone.
    let comments: [String]
    /// Functions and initializers that have a body.
    let functions: [Function]
    /// Functions and initializers, those without a body too.
    let declarations: [Declaration]

    /// A function or an initializer, from the line of its name to the brace that closes it.
    struct Function: Equatable, Sendable {
        let line: Int
        let lineCount: Int
    }

    init(path: String, text: String) {
        var scanner = SourceScanner(text)
        scanner.scan()
        self.path = path
        code = scanner.code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        comments = scanner.comments.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        functions = FunctionScanner.functions(in: code)
        declarations = Declaration.all(in: code)
    }

    /// The folder below `Sources` or `Tests`: the target; nil elsewhere.
    var target: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
        return String(parts[1])
    }

    /// The lines, from 1 on, on which `pattern` is found in the code.
    func lines(where pattern: Regex<Substring>) -> [Int] {
        Self.numbers(of: code, where: pattern)
    }

    /// The lines, from 1 on, on which `pattern` is found in a comment.
    func commentLines(where pattern: Regex<Substring>) -> [Int] {
        Self.numbers(of: comments, where: pattern)
    }

    /// The modules it imports, and on which lines.
    var imports: [(module: String, line: Int)] {
        code.indices.compactMap { index in
            let words = code[index].split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }
            guard let keyword = words.firstIndex(of: "import"), words[..<keyword].allSatisfy(Self.leadsAnImport) else {
                return nil
            }
            let rest = words[(keyword + 1)...].drop { Self.kindsOfImport.contains($0) }
            return rest.first.map { (String($0), index + 1) }
        }
    }

    private static let kindsOfImport: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]

    private static func numbers(of lines: [String], where pattern: Regex<Substring>) -> [Int] {
        // Unicode's own word boundaries see none in `queue.async`.
        let pattern = pattern.wordBoundaryKind(.simple)
        return lines.indices.filter { lines[$0].contains(pattern) }.map { $0 + 1 }
    }

    private static func leadsAnImport(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
    }
}
