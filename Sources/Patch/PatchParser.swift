/// Reads the text of a patch line by line.
struct PatchParser {
    private static let begin = Array("*** Begin Patch".utf8)
    private static let end = Array("*** End Patch".utf8)
    private static let endOfFile = Array("*** End of File".utf8)

    private let text: TextLines
    private let dropsCarriageReturns: Bool
    private var index = 0

    init(_ bytes: [UInt8]) {
        text = TextLines(bytes)
        dropsCarriageReturns = text.count > 1 && text[0].last == UInt8(ascii: "\r")
    }

    /// All operations between the first line and the last.
    mutating func operations() throws(PatchError) -> [Patch.Operation] {
        var operations: [Patch.Operation] = []
        var hasBegun = false
        while skipToBegin() {
            hasBegun = true
            while let line, !line.isMarker(Self.end) {
                // Models write the mark of a file's end also where no hunk is.
                if line.isBlank || line.isMarker(Self.endOfFile) {
                    index += 1
                    continue
                }
                operations.append(try operation(line))
                guard operations.count <= Patch.operationsMax else {
                    throw PatchError(.tooLarge, "the patch names more than \(Patch.operationsMax) files: split it")
                }
            }
            guard line != nil else {
                throw PatchError(.malformed, "the patch does not end with a line \"*** End Patch\"; write it whole")
            }
            index += 1
        }
        guard hasBegun else {
            throw PatchError(.malformed, "the patch does not begin with a line \"*** Begin Patch\"")
        }
        guard !operations.isEmpty else { throw PatchError(.malformed, "the patch names no file") }
        return operations
    }

    /// The line to read next; nil at the end of the text.
    private var line: ArraySlice<UInt8>? {
        // What follows the last line's end is no line of the patch.
        guard index < text.count - 1 || index < text.count && !text[index].isEmpty else { return nil }
        let line = text[index]
        return dropsCarriageReturns && line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    private mutating func skipToBegin() -> Bool {
        while let line {
            index += 1
            if line.isMarker(Self.begin) { return true }
        }
        return false
    }

    private mutating func operation(_ line: ArraySlice<UInt8>) throws(PatchError) -> Patch.Operation {
        if let path = try path(in: line, after: "*** Add File:") {
            index += 1
            return .add(path: path, content: try addedContent())
        }
        if let path = try path(in: line, after: "*** Delete File:") {
            index += 1
            return .delete(path: path)
        }
        if let path = try path(in: line, after: "*** Update File:") {
            index += 1
            return try update(path)
        }
        throw malformed(
            line,
            "one of \"*** Add File: PATH\", \"*** Update File: PATH\", \"*** Delete File: PATH\" or \"*** End Patch\" "
                + "has to stand here"
        )
    }

    private mutating func addedContent() throws(PatchError) -> [UInt8] {
        var content: [UInt8] = []
        while let line, !line.starts(with: "***".utf8) {
            guard line.first == UInt8(ascii: "+") else {
                guard line.isBlank else {
                    throw malformed(line, "each line of a file to add begins with \"+\"")
                }
                index += 1
                continue
            }
            content += line.dropFirst()
            content.append(UInt8(ascii: "\n"))
            index += 1
        }
        return content
    }

    private mutating func update(_ path: String) throws(PatchError) -> Patch.Operation {
        var target: String?
        if let line, let named = try self.path(in: line, after: "*** Move to:") {
            target = named
            index += 1
        }
        var hunks: [Hunk] = []
        while let line, line.starts(with: "@@".utf8) || !line.starts(with: "***".utf8) {
            // Blank lines between two files are no hunk.
            if line.isBlank, isBlankUpToMarker() { continue }
            hunks.append(try hunk(isFirst: hunks.isEmpty))
        }
        guard !hunks.isEmpty || target != nil else {
            throw PatchError(
                .malformed,
                "\(path): the update has no lines; write what to remove with \"-\" and to add with \"+\""
            )
        }
        return .update(path: path, movedTo: target, hunks: hunks)
    }

    /// Whether only blank lines come before the next marker, which are then read.
    private mutating func isBlankUpToMarker() -> Bool {
        let start = index
        while let line, line.isBlank { index += 1 }
        if line?.starts(with: "***".utf8) ?? true { return true }
        index = start
        return false
    }

    private mutating func hunk(isFirst: Bool) throws(PatchError) -> Hunk {
        var hunk = Hunk()
        var hasHead = isFirst
        while let line, line.starts(with: "@@".utf8) {
            hasHead = true
            if let anchor = line.anchor { hunk.anchors.append(anchor) }
            index += 1
        }
        if let line, !hasHead { throw malformed(line, "a hunk begins with a line \"@@\"") }
        while let line, !line.starts(with: "@@".utf8), !line.starts(with: "***".utf8) {
            hunk.lines.append(try hunkLine(line))
            index += 1
        }
        guard !hunk.lines.isEmpty else {
            throw malformed(line ?? [], "the hunk before this line is empty")
        }
        if let line, line.isMarker(Self.endOfFile) {
            hunk.isAtEnd = true
            index += 1
        }
        return hunk
    }

    private func hunkLine(_ line: ArraySlice<UInt8>) throws(PatchError) -> Hunk.Line {
        let text = Array(line.dropFirst())
        switch line.first {
        case UInt8(ascii: "+"): return Hunk.Line(kind: .add, text: text)
        case UInt8(ascii: "-"): return Hunk.Line(kind: .remove, text: text)
        case UInt8(ascii: " "), nil: return Hunk.Line(kind: .keep, text: text)
        default: throw malformed(line, "each line of a hunk begins with \"+\", \"-\" or a space")
        }
    }

    private func path(in line: ArraySlice<UInt8>, after marker: String) throws(PatchError) -> String? {
        guard line.starts(with: marker.utf8) else { return nil }
        let bytes = line.dropFirst(marker.utf8.count).trimmed
        guard let path = String(validating: bytes, as: UTF8.self), !path.isEmpty, !bytes.contains(0),
            bytes.count <= Patch.pathBytesMax
        else {
            throw malformed(line, "a path of 1 to \(Patch.pathBytesMax) bytes of UTF-8 has to stand here")
        }
        return path
    }

    private func malformed(_ line: ArraySlice<UInt8>, _ rule: String) -> PatchError {
        PatchError(.malformed, "line \(index + 1) of the patch: \(rule): \(line.shown)")
    }
}

extension ArraySlice<UInt8> {
    fileprivate func isMarker(_ marker: [UInt8]) -> Bool { trimmed.elementsEqual(marker) }

    /// What stands after `@@`; nil for nothing, and for the line numbers of a unified diff.
    fileprivate var anchor: [UInt8]? {
        var text = dropFirst(2)
        if text.first == UInt8(ascii: " ") { text = text.dropFirst() }
        guard !text.isBlank else { return nil }
        if text.starts(with: "-".utf8), let end = text.dropFirst().firstRange(of: Array("@@".utf8)) {
            let rest = text[end.upperBound...]
            return rest.isBlank ? nil : Array(rest.dropFirst())
        }
        return Array(text)
    }
}
