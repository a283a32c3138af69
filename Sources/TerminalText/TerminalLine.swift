/// One line of a terminal while it is written: columns, and where the next character goes.
///
/// A line that is longer than the terminal is wide goes on in the rows below, as it does on the screen, and is one line
/// nevertheless.
struct TerminalLine {
    /// How many columns a line may have before its first half can no longer change.
    private static let columnsMax = 16_384
    /// How long one column may be, in bytes: a character with its marks.
    private static let columnBytesMax = 64

    private let rowColumns: Int
    /// The text of each column; of a character that takes several, it is in the first, and the others are empty.
    private var columns: [String] = []
    /// The column that is written next; the first of the row below where a row is full.
    private var cursor = 0
    /// Whether the last character has filled its row: the cursor is then still in that row.
    private var isRowFull = false
    /// What was given out of this line before it ended.
    private var shown: [String] = []
    private var lastPrinted: Unicode.Scalar?
    private var output = ""

    init(columns: Int) { rowColumns = columns }

    /// What has been given out since the last time.
    mutating func takeOutput() -> String {
        defer { output = "" }
        return output
    }

    /// Gives out what was not given out of the line.
    mutating func show() {
        let isContinued = columns.starts(with: shown)
        output += columns[(isContinued ? shown.count : 0)...].joined()
        shown = columns
    }

    /// Ends the line.
    mutating func end() {
        show()
        output += "\n"
        clear()
    }

    /// Ends the line if there is anything to see in it.
    mutating func breakOff() {
        if columns.contains(where: { $0 != " " && !$0.isEmpty }) { end() } else { clear() }
    }

    mutating func print(_ scalar: Unicode.Scalar) {
        let width = scalar.columnWidth
        guard width > 0 else { return combine(scalar) }
        lastPrinted = scalar
        put(String(scalar), width: width)
    }

    /// Goes to the next multiple of eight columns; at the end of the line that is a `\t` in the text.
    mutating func tab() {
        let next = cursor / 8 * 8 + 8
        if cursor < columns.count { cursor = next } else { put("\t", width: next - cursor) }
        isRowFull = false
    }

    mutating func moveToRowStart() { move(to: rowStart) }

    mutating func moveLeft(_ count: Int) { move(to: max(rowStart, position - count)) }

    /// Does what a control sequence says.
    mutating func control(_ final: Unicode.Scalar, _ parameters: [Int]) {
        let count = max(parameters.first ?? 1, 1)
        switch final {
        case "C": move(to: min(position + count, rowStart + rowColumns - 1))
        case "D": moveLeft(count)
        case "G", "`": move(to: min(rowStart + count - 1, rowStart + rowColumns - 1))
        case "A": moveRows(-count)
        case "B": moveRows(count)
        case "E", "F", "H", "d", "f": breakOff()
        case "J": (parameters.first ?? 0) < 2 ? eraseToEnd() : breakOff()
        case "K": eraseInRow(parameters.first ?? 0)
        case "P": delete(count)
        case "@": insert(count)
        case "X": fill(cursor..<min(cursor + count, rowEnd))
        case "b":
            guard let lastPrinted else { return }
            for _ in 0..<min(count, rowColumns) { print(lastPrinted) }
        default: break
        }
    }

    /// The column that the cursor is in.
    private var position: Int { isRowFull ? cursor - 1 : cursor }
    private var rowStart: Int { position / rowColumns * rowColumns }
    private var rowEnd: Int { min(rowStart + rowColumns, columns.count) }

    private mutating func clear() {
        (columns, shown, cursor, isRowFull) = ([], [], 0, false)
    }

    private mutating func move(to column: Int) {
        cursor = column
        isRowFull = false
    }

    private mutating func moveRows(_ count: Int) {
        let column = position + count * rowColumns
        // Rows of this line can be reached, others not.
        if column >= 0, column / rowColumns * rowColumns <= columns.count { move(to: column) } else { breakOff() }
    }

    private mutating func put(_ text: String, width: Int) {
        while columns.count < cursor { columns.append(" ") }
        splitWide(at: cursor)
        splitWide(at: cursor + width)
        let column = [text] + Array(repeating: "", count: width - 1)
        columns.replaceSubrange(cursor..<min(cursor + width, columns.count), with: column)
        cursor += width
        isRowFull = cursor % rowColumns == 0
        if columns.count > Self.columnsMax { giveOutFirstHalf() }
    }

    /// Adds a mark to the character before the cursor.
    private mutating func combine(_ scalar: Unicode.Scalar) {
        guard let column = columns.prefix(cursor).lastIndex(where: { !$0.isEmpty }),
            columns[column].utf8.count < Self.columnBytesMax
        else { return }
        columns[column].unicodeScalars.append(scalar)
    }

    /// Makes blanks of a character that takes several columns, if `column` is within it.
    private mutating func splitWide(at column: Int) {
        guard column < columns.count, columns[column].isEmpty else { return }
        var first = column
        while first > 0, columns[first].isEmpty { first -= 1 }
        var last = first + 1
        while last < columns.count, columns[last].isEmpty { last += 1 }
        for index in first..<last { columns[index] = " " }
    }

    private mutating func fill(_ range: Range<Int>) {
        guard range.lowerBound < range.upperBound else { return }
        splitWide(at: range.lowerBound)
        splitWide(at: range.upperBound)
        for column in range { columns[column] = " " }
    }

    private mutating func eraseToEnd() {
        guard cursor < columns.count else { return }
        splitWide(at: cursor)
        columns.removeSubrange(cursor...)
    }

    private mutating func eraseInRow(_ kind: Int) {
        // A row that is full loses nothing: programs clear the rest of a line after they have written it.
        let start = kind == 0 ? cursor : rowStart
        let end = kind == 1 ? min(position + 1, columns.count) : rowEnd
        guard start < end else { return }
        if end == columns.count, kind != 1 {
            splitWide(at: start)
            columns.removeSubrange(start...)
        } else {
            fill(start..<end)
        }
    }

    private mutating func delete(_ count: Int) {
        let end = rowEnd
        guard cursor < end else { return }
        let removed = cursor..<min(cursor + count, end)
        splitWide(at: removed.lowerBound)
        splitWide(at: removed.upperBound)
        // In the rows below everything stays in its place.
        if end < columns.count { columns.insert(contentsOf: repeatElement(" ", count: removed.count), at: end) }
        columns.removeSubrange(removed)
    }

    private mutating func insert(_ count: Int) {
        guard cursor < rowEnd else { return }
        splitWide(at: cursor)
        let added = min(count, rowStart + rowColumns - cursor)
        let isLastRow = rowEnd == columns.count
        let last = rowStart + rowColumns
        columns.insert(contentsOf: repeatElement(" ", count: added), at: cursor)
        // What is pushed out of the row is lost.
        splitWide(at: last)
        if isLastRow {
            if columns.count > last { columns.removeSubrange(last...) }
        } else {
            columns.removeSubrange(last..<last + added)
        }
    }

    private mutating func giveOutFirstHalf() {
        let count = Self.columnsMax / 2 / rowColumns * rowColumns
        // The cursor may have gone back into what is given out; it then goes on after it.
        show()
        columns.removeSubrange(..<count)
        shown.removeSubrange(..<count)
        cursor = max(cursor - count, 0)
    }
}
