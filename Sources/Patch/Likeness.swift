/// How alike a line of a patch and a line of a file have to be, the strictest first.
enum Likeness: CaseIterable {
    /// Byte for byte.
    case exact
    /// But for blanks at the end, a carriage return among them.
    case untilLastBlanks
    /// But for blanks at both ends.
    case withoutBlanks

    func holds(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .exact: first == second
        case .untilLastBlanks: first.trimmedAtEnd == second.trimmedAtEnd
        case .withoutBlanks: first.trimmed == second.trimmed
        }
    }
}
