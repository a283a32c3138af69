/// Changes to files in the patch language that gpt-oss models write.
///
/// A patch names each file that it adds, deletes or updates. An update has hunks: lines to keep, remove and add, found in
/// the file by what they say and not by their number. Source of the language: openai/gpt-oss, `apply_patch.md`.
public struct Patch: Equatable, Sendable {
    /// What is done to one file.
    public enum Operation: Equatable, Sendable {
        /// Makes the file, or replaces what is there.
        case add(path: String, content: [UInt8])
        /// Removes the file.
        case delete(path: String)
        /// Applies the hunks in the file's order, and moves the file if it is to have another name.
        case update(path: String, movedTo: String?, hunks: [Hunk])
    }

    /// How long the text of a patch may be, in bytes.
    public static let bytesMax = 8 << 20
    /// How long a file may be that a patch updates, in bytes.
    public static let fileBytesMax = 32 << 20
    /// How long a path may be, in bytes.
    static let pathBytesMax = 4095
    /// How many files one patch may name.
    static let operationsMax = 10_000

    /// In the order of the text; a later one sees what an earlier one has done.
    public let operations: [Operation]

    /// Reads the text of a patch.
    ///
    /// Everything before a line `*** Begin Patch` and after a line `*** End Patch` is ignored, such as what a shell's
    /// here-document left. Where the first line ends in `\r\n`, the `\r` at the ends of lines is not part of them.
    /// - Throws: `malformed` with the number of the line, or `tooLarge`.
    public init(parsing text: [UInt8]) throws(PatchError) {
        guard text.count <= Patch.bytesMax else {
            throw PatchError(.tooLarge, "the patch has more than \(Patch.bytesMax) bytes: split it")
        }
        var parser = PatchParser(text)
        operations = try parser.operations()
    }
}

/// One place of a file that an update changes.
public struct Hunk: Equatable, Sendable {
    /// What is done to a line.
    enum Kind: Equatable, Sendable {
        case keep
        case remove
        case add
    }

    /// A line without its end.
    struct Line: Equatable, Sendable {
        let kind: Kind
        let text: [UInt8]
    }

    /// Lines that stand somewhere before the hunk, such as the head of a function; each after the one before.
    var anchors: [[UInt8]] = []
    /// What is done.
    var lines: [Line] = []
    /// Whether the file ends with the hunk.
    var isAtEnd = false

    /// The lines that the file has there now.
    var oldLines: [[UInt8]] { lines.lazy.filter { $0.kind != .add }.map(\.text) }
}
