internal import TerminalText

/// The output of one call as the model gets it: its head as it comes, and its tail at the end, in bounded memory.
///
/// Everything given out as a delta stays: all deltas together are the text. It is counted in bytes, so that its tokens
/// are computed once, where they are sent.
struct ExecTranscript {
    private let headBytes: Int
    private let tailBytes: Int
    private var decoder = UTF8Decoder()
    private var headRoom: Int
    /// What came after the head; its end, once it is longer than may be shown.
    private var tail: [UInt8] = []
    private var droppedBytes = 0

    /// All deltas together.
    private(set) var text = ""
    /// How many bytes were written.
    private(set) var byteCount = 0

    init(_ settings: ContainerSettings) {
        headBytes = settings.headBytes
        tailBytes = settings.tailBytes
        headRoom = headBytes
    }

    /// Adds what was written, and gives what can be shown at once.
    mutating func append(_ bytes: [UInt8]) -> String {
        byteCount += bytes.count
        let head = bytes.prefix(headRoom)
        headRoom -= head.count
        keep(bytes.dropFirst(head.count))
        return show(decoder.decode(head))
    }

    /// Adds a remark of ours on a line of its own; before all output, or after ``finish(keptIn:)``.
    mutating func note(_ remark: String) -> String {
        show((text.isEmpty || text.utf8.last == UInt8(ascii: "\n") ? "" : "\n") + remark)
    }

    /// Ends the output, and gives what is to be shown of the rest; the file that has all of it is named.
    ///
    /// - Returns: The delta, and whether something was left out.
    mutating func finish(keptIn file: String?) -> (delta: String, isTruncated: Bool) {
        let unfinished = decoder.finish()
        var rest = unfinished + tail
        if droppedBytes + tail.count > tailBytes {
            var shown = tail.suffix(tailBytes)
            // The rest of a character whose beginning is left out is left out too.
            shown = shown.drop { UTF8.isContinuation($0) }
            let omitted = byteCount - (headBytes - unfinished.count) - shown.count
            let place = file.map { "; all \(byteCount) bytes are in \($0)" } ?? ""
            rest = Array("\n... [\(omitted) bytes omitted\(place)] ...\n".utf8) + shown
        }
        tail = []
        let delta = show(String(decoding: rest, as: UTF8.self))
        return (delta, byteCount > headBytes + tailBytes)
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        tail += bytes
        // Trimmed when there is twice too much, so that many small pieces cost little.
        guard tail.count > 2 * tailBytes else { return }
        droppedBytes += tail.count - tailBytes
        tail.removeFirst(tail.count - tailBytes)
    }

    private mutating func show(_ piece: String) -> String {
        let shown = piece.utf8.contains(0) ? piece.replacing("\0", with: "\u{FFFD}") : piece
        text += shown
        return shown
    }
}
