/// A page of a document with its words where they stand on paper, as `pdftotext -layout` gives it.
struct PageRows {
    private let lines: [[Character]]

    init(_ page: String) {
        lines = page.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var line = Array(line)
            while let last = line.last, last.isWhitespace { line.removeLast() }
            return line
        }
    }

    /// Whether prose stands in columns, so that a row is of several sentences.
    var areInColumns: Bool {
        let written = lines.filter { !$0.isEmpty }
        let parted = written.count { line in
            PageRows.parts(of: line).count { $0.count >= 20 && $0.split(separator: " ").count >= 3 } >= 2
        }
        return parted >= 5 && parted * 3 >= written.count
    }

    /// The rows, in which what is blank from the top to the bottom of the page is narrow.
    var text: String {
        let width = lines.lazy.map(\.count).max() ?? 0
        let isUsed = (0..<width).map { column in lines.contains { column < $0.count && $0[column] != " " } }
        var kept: [Int] = []
        var blanks = 0
        for column in isUsed.indices {
            blanks = isUsed[column] ? 0 : blanks + 1
            if isUsed[column] || blanks <= PageRows.gapMax && !kept.isEmpty { kept.append(column) }
        }
        return lines.map { line in String(kept.prefix { $0 < line.count }.map { line[$0] }) }.joined(separator: "\n")
    }

    /// How wide a gap is at most.
    private static let gapMax = 2

    /// What stands between gaps of two blanks and more.
    private static func parts(of line: [Character]) -> [String] {
        String(line).split(separator: #/ {2,}/#).map(String.init)
    }
}
