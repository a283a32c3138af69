internal import PythonText

/// The lines of a page that a pattern stands in, whatever its case.
struct Finding {
    static let matchesMax = 50
    static let linesShown = 4

    /// The page without links.
    private let text: [UInt8]
    /// Where each of its lines begins, and one past where the last one ends.
    private let starts: [Int]
    private let pattern: [UInt8]
    private let foldsLookAlikes: Bool
    /// Whether the line break before each line is only the width's.
    private let isWrapped: (Int) -> Bool

    /// The lines with a match, the first of those shown together, at most 50.
    static func matches(
        of pattern: [UInt8],
        in page: WrappedText,
        fixes: BrowsingFixes
    ) -> [(line: Int, shown: [UInt8])] {
        let acrossLines = fixes.findsAcrossLines
        // Nothing with a line break is in a line.
        if !acrossLines, pattern.contains(0x0A) { return [] }
        let finding = Finding(pattern, in: page, fixes: fixes)
        return finding.matches(lineCount: finding.starts.count - 1)
    }

    private init(_ pattern: [UInt8], in page: WrappedText, fixes: BrowsingFixes) {
        let acrossLines = fixes.findsAcrossLines
        foldsLookAlikes = fixes.findsLookAlikes
        self.pattern = foldsLookAlikes ? LookAlikes.folded(pattern) : pattern
        text = LinkStripping.stripped(Self.joined(page), keepsLines: acrossLines)
        var starts = [0]
        starts.reserveCapacity(page.lines.count + 1)
        for (index, byte) in text.enumerated() where byte == 0x0A { starts.append(index + 1) }
        starts.append(text.count + 1)
        self.starts = starts
        let lines = page.lines
        isWrapped = { acrossLines && $0 < lines.count && !lines[$0].beginsParagraph }
    }

    private static func joined(_ page: WrappedText) -> [UInt8] {
        var joined: [UInt8] = []
        joined.reserveCapacity(page.bytes.count + page.lines.count)
        for (index, line) in page.lines.enumerated() {
            if index > 0 { joined.append(0x0A) }
            joined += page.bytes[line.range]
        }
        return joined
    }

    private func matches(lineCount: Int) -> [(line: Int, shown: [UInt8])] {
        var found: [(line: Int, shown: [UInt8])] = []
        let lowered = LetterCase.lowered(text)
        let folded = foldsLookAlikes ? LookAlikes.folded(lowered) : lowered
        let haystack = Haystack(folded, isWrapped: isWrapped)
        let search = PatternSearch(pattern)
        var line = 0
        while line < lineCount, found.count < Self.matchesMax {
            guard let position = search.next(in: haystack.bytes, from: haystack.starts[line]) else { break }
            line = haystack.line(at: position, from: line)
            let end = min(line + Self.linesShown, lineCount)
            found.append((line, Array(text[starts[line]..<starts[end] - 1])))
            line = end
        }
        return found
    }
}

/// A text, in which line breaks of the width are no break.
private struct Haystack {
    let bytes: [UInt8]
    /// Where each line begins.
    let starts: [Int]

    init(_ text: [UInt8], isWrapped: (Int) -> Bool) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var lines = [0]
        var start = 0
        while let newline = text[start...].firstIndex(of: 0x0A) {
            bytes += text[start..<newline]
            if !isWrapped(lines.count) { bytes.append(0x0A) }
            lines.append(bytes.count)
            start = newline + 1
        }
        bytes += text[start...]
        self.bytes = bytes
        self.starts = lines
    }

    /// The line that `position` is in, which is not before `first`.
    func line(at position: Int, from first: Int) -> Int {
        var line = first
        while line + 1 < starts.count, starts[line + 1] <= position { line += 1 }
        return line
    }
}

/// Knuth, Morris and Pratt's search: each byte is looked at once, whatever the pattern.
struct PatternSearch {
    private let pattern: [UInt8]
    /// How much of the pattern still matches where one more byte does not.
    private let fallback: [Int]

    init(_ pattern: [UInt8]) {
        self.pattern = pattern
        var fallback = Array(repeating: 0, count: pattern.count)
        var matched = 0
        for index in pattern.indices.dropFirst() {
            while matched > 0, pattern[index] != pattern[matched] { matched = fallback[matched - 1] }
            if pattern[index] == pattern[matched] { matched += 1 }
            fallback[index] = matched
        }
        self.fallback = fallback
    }

    /// Where the pattern begins first, from `start` on; an empty one begins anywhere.
    func next(in text: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first else { return start }
        var index = start
        var matched = 0
        while index < text.count {
            let byte = text[index]
            if matched == 0, byte != first {
                index += 1
                continue
            }
            while matched > 0, byte != pattern[matched] { matched = fallback[matched - 1] }
            if byte == pattern[matched] { matched += 1 }
            index += 1
            if matched == pattern.count { return index - matched }
        }
        return nil
    }
}
