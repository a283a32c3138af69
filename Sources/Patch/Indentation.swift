/// What a file has before its lines instead of what the patch has before them.
///
/// A hunk may be found although its lines are indented otherwise; what it adds then goes as far in or out as the file's
/// lines.
struct Indentation {
    private let patchBase: ArraySlice<UInt8>
    private let fileBase: ArraySlice<UInt8>

    /// Nil where nothing differs, or not all of it in the same way.
    init?(_ pairs: [(file: ArraySlice<UInt8>, patch: ArraySlice<UInt8>)]) {
        let differing = pairs.filter { !$0.patch.isBlank && !Likeness.untilLastBlanks.holds($0.file, $0.patch) }
        guard let first = differing.first else { return nil }
        patchBase = first.patch.indentation
        fileBase = first.file.indentation
        for (file, patch) in differing {
            guard let moved = moved(patch), moved[...].trimmedAtEnd == file.trimmedAtEnd else { return nil }
        }
    }

    /// The lines moved; nil where one of them is less indented than what was compared.
    func applied(to lines: [[UInt8]]) -> [[UInt8]]? {
        var result: [[UInt8]] = []
        for line in lines {
            if line[...].isBlank {
                result.append(line)
            } else if let moved = moved(line[...]) {
                result.append(moved)
            } else {
                return nil
            }
        }
        return result
    }

    private func moved(_ line: ArraySlice<UInt8>) -> [UInt8]? {
        line.starts(with: patchBase) ? Array(fileBase + line.dropFirst(patchBase.count)) : nil
    }
}
