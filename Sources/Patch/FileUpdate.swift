/// The content of a file after the hunks of an update.
struct FileUpdate {
    private let path: String
    private let file: TextLines
    private let lineEnd: [UInt8]
    private var lines: [[UInt8]] = []
    private var linesTaken = 0

    init(path: String, content: [UInt8]) {
        self.path = path
        file = TextLines(content)
        lineEnd = file.usesCarriageReturns ? [UInt8(ascii: "\r")] : []
    }

    /// The new content.
    mutating func applying(
        _ hunks: [Hunk],
        comparisonsMax: Int = HunkSearch.comparisonsMax
    ) throws(PatchError) -> [UInt8] {
        var search = HunkSearch(file, comparisonsMax: comparisonsMax)
        for (index, hunk) in hunks.enumerated() {
            let position = search.position
            guard let place = try search.place(of: hunk) else {
                throw try notFound(hunk, number: index + 1, after: position, &search)
            }
            apply(hunk, at: place)
        }
        take(until: file.count)
        return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    private mutating func take(until end: Int) {
        for line in linesTaken..<end { lines.append(Array(file[line])) }
        linesTaken = end
    }

    private mutating func apply(_ hunk: Hunk, at place: Range<Int>) {
        take(until: place.lowerBound)
        let all = pairs(in: hunk, at: place) { _ in true }
        // Where a line is as the patch has it, what is only added is too.
        let isIndented = all.contains { !$0.patch.isBlank && Likeness.untilLastBlanks.holds($0.file, $0.patch) }
        let shift = isIndented ? nil : Indentation(all)
        var removedLines: Range<Int>?
        var added: [[UInt8]] = []
        for line in hunk.lines {
            switch line.kind {
            case .add: added.append(line.text)
            case .remove:
                removedLines = (removedLines?.lowerBound ?? linesTaken)..<linesTaken + 1
                linesTaken += 1
            case .keep where linesTaken < place.upperBound:
                put(added, inPlaceOf: removedLines, of: hunk, at: place, shift: shift)
                (added, removedLines) = ([], nil)
                take(until: linesTaken + 1)
            case .keep: break  // An empty line that only separates.
            }
        }
        put(added, inPlaceOf: removedLines, of: hunk, at: place, shift: shift)
    }

    private mutating func put(
        _ added: [[UInt8]],
        inPlaceOf removed: Range<Int>?,
        of hunk: Hunk,
        at place: Range<Int>,
        shift: Indentation?
    ) {
        guard !added.isEmpty else { return }
        let own = removed.map { removed in Indentation(pairs(in: hunk, at: place) { removed.contains($0) }) }
        for line in (own ?? shift)?.applied(to: added) ?? added {
            lines.append(line.last == UInt8(ascii: "\r") ? line : line + lineEnd)
        }
    }

    /// The lines that the file has and the patch names, of those that `isWanted`.
    private func pairs(
        in hunk: Hunk,
        at place: Range<Int>,
        isWanted: (Int) -> Bool
    ) -> [(file: ArraySlice<UInt8>, patch: ArraySlice<UInt8>)] {
        zip(place, hunk.oldLines).filter { isWanted($0.0) }.map { (file[$0], $1[...]) }
    }

    private func notFound(
        _ hunk: Hunk,
        number: Int,
        after position: Int,
        _ search: inout HunkSearch
    ) throws(PatchError) -> PatchError {
        let old = hunk.oldLines
        let shown = old.prefix(12).map { "  \($0[...].shown)\n" }.joined() + (old.count > 12 ? "  …\n" : "")
        let place = position == 0 ? "in the file" : "after line \(position) of the file, where the hunk before ends"
        var text = "\(path), hunk \(number): these lines are not \(place):\n\(shown)"
        if let closest = try search.closestPlace(to: old) {
            let line = closest.line + closest.count
            if closest.count == old.count {
                text += "They are at line \(closest.line + 1): write the hunks in the order of the file."
            } else if line < file.count {
                text += "Line \(line + 1) of the file is \"\(file[line].trimmedAtEnd.shown)\" "
                text += "where the patch has \"\(old[closest.count][...].shown)\"."
            } else {
                text += "The file ends before \"\(old[closest.count][...].shown)\"."
            }
        } else {
            text += "Read the file and write its lines as they are."
        }
        return PatchError(.contextNotFound, text)
    }
}
