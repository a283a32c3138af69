/// Finds the places of hunks in one file, each after the one before.
struct HunkSearch {
    /// How many lines of a file may be compared for one patch: about a second of work.
    static let comparisonsMax = 20_000_000

    private let file: TextLines
    /// The line after the last hunk's.
    private(set) var position = 0
    private var comparisonsLeft: Int

    init(_ file: TextLines, comparisonsMax: Int) {
        self.file = file
        comparisonsLeft = comparisonsMax
    }

    /// Where the file has the old lines of `hunk`, and how many of those count; nil if it does not have them.
    mutating func place(of hunk: Hunk) throws(PatchError) -> Range<Int>? {
        let start = try positionAfterAnchors(of: hunk)
        let old = hunk.oldLines
        var place = try firstPlace(of: old[...], from: start, isAtEnd: hunk.isAtEnd)
        if place == nil { place = try placeWithoutLastBlanks(of: hunk, old, from: start) }
        position = place?.upperBound ?? position
        return place
    }

    /// The line at which the most of `old` is found from its beginning, and how many lines that is; at least one.
    mutating func closestPlace(to old: [[UInt8]]) throws(PatchError) -> (line: Int, count: Int)? {
        var best: (line: Int, count: Int)?
        for line in 0..<file.count {
            let count = try matchCount(of: old[...], at: line, .withoutBlanks)
            if count > best?.count ?? 0 { best = (line, count) }
        }
        return best
    }

    /// An anchor that is not found does not count, as in the reference: models write what is only like a line.
    private mutating func positionAfterAnchors(of hunk: Hunk) throws(PatchError) -> Int {
        var start = position
        for (index, anchor) in hunk.anchors.enumerated() {
            for likeness in [Likeness.exact, .withoutBlanks] {
                // The anchor of the hunk before is still above this one.
                if index == 0, try line(like: anchor, in: 0..<position, likeness) != nil { break }
                if let line = try line(like: anchor, in: start..<file.count, likeness) {
                    start = line + 1
                    break
                }
            }
        }
        return start
    }

    private mutating func line(
        like anchor: [UInt8],
        in lines: Range<Int>,
        _ likeness: Likeness
    ) throws(PatchError) -> Int? {
        for line in lines where try matchCount(of: [anchor], at: line, likeness) == 1 { return line }
        return nil
    }

    private mutating func firstPlace(
        of old: ArraySlice<[UInt8]>,
        from start: Int,
        isAtEnd: Bool
    ) throws(PatchError) -> Range<Int>? {
        guard !old.isEmpty else {
            let line = isAtEnd ? endOfText : start
            return line..<line
        }
        let last = file.count - old.count
        guard last >= start else { return nil }
        if isAtEnd {
            for likeness in Likeness.allCases {
                for line in [last, endOfText - old.count] where line >= start {
                    if try matchCount(of: old, at: line, likeness) == old.count { return line..<line + old.count }
                }
            }
        }
        for likeness in Likeness.allCases {
            for line in start...last where try matchCount(of: old, at: line, likeness) == old.count {
                return line..<line + old.count
            }
        }
        return nil
    }

    /// Models end hunks with an empty line that only separates them from what follows.
    private mutating func placeWithoutLastBlanks(
        of hunk: Hunk,
        _ old: [[UInt8]],
        from start: Int
    ) throws(PatchError) -> Range<Int>? {
        let blanks = hunk.lines.reversed().prefix { $0.kind == .keep && $0.text.isEmpty }.count
        guard blanks > 0, blanks < old.count else { return nil }
        return try firstPlace(of: old.dropLast(blanks), from: start, isAtEnd: hunk.isAtEnd)
    }

    /// The line at which a text that ends in `\n` ends.
    private var endOfText: Int { file[file.count - 1].isEmpty ? file.count - 1 : file.count }

    private mutating func matchCount(
        of old: ArraySlice<[UInt8]>,
        at line: Int,
        _ likeness: Likeness
    ) throws(PatchError) -> Int {
        var count = 0
        for text in old.prefix(file.count - line) {
            comparisonsLeft -= 1
            guard comparisonsLeft > 0 else {
                throw PatchError(
                    .tooLarge,
                    "the hunks are too many or too long to be found in the file: split the patch"
                )
            }
            guard likeness.holds(text[...], file[line + count]) else { break }
            count += 1
        }
        return count
    }
}
