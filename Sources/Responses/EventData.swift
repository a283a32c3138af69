/// Cuts a body of server-sent events into the data of each, whatever pieces it comes in. Ours have one line of data.
///
/// It holds at most one unfinished line.
package struct EventData: Sendable {
    private var pending: [UInt8] = []
    private let lineBytesMax: Int

    /// At the beginning of a body whose lines have at most `lineBytesMax` bytes.
    package init(lineBytesMax: Int) { self.lineBytesMax = lineBytesMax }

    /// Adds a piece, and gives the data of the events that it ends; nil once a line is too long, and the rest means nothing.
    package mutating func take(_ piece: some Collection<UInt8>) -> [[UInt8]]? {
        pending += piece
        guard piece.contains(UInt8(ascii: "\n")) else { return pending.count <= lineBytesMax ? [] : nil }
        let lines = pending.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let rest = Array(lines.last ?? [])
        defer { pending = rest }
        guard rest.count <= lineBytesMax else { return nil }
        return lines.dropLast().filter { $0.starts(with: "data:".utf8) }.map { Array($0.dropFirst(5)) }
    }
}
