internal import PythonText
internal import Tokenizer

/// How many lines are shown at once: as many as `tokensMax` tokens reach into, counted as the reference counts them.
struct Window {
    let tokensMax: Int
    /// Without one, four characters are taken for a token.
    let encoding: Encoding?

    /// Lines are encoded in groups of about so many bytes, and no more of them than it takes.
    private static let groupBytes = 4096

    /// One past the last line shown from `first` on, where `count` lines were asked for; 0 or less asks for a window.
    func end(of text: WrappedText, from first: Int, count: Int) -> Int {
        let total = text.lines.count
        if count > 0 { return first + min(count, total - first) }
        guard isLong(text, from: first), let reach = reach(in: text, from: first) else { return total }
        return min(total, first + lines(in: text, from: first, reachedBy: reach))
    }

    /// Whether the numbered lines have more characters than a window has tokens.
    private func isLong(_ text: WrappedText, from first: Int) -> Bool {
        var count = -1
        for index in first..<text.lines.count {
            count += Self.scalarCount(of: index, in: text) + 1
            if count > tokensMax { return true }
        }
        return false
    }

    /// How many characters the first `tokensMax` tokens have, each counted by itself; nil if there are no more.
    ///
    /// A token that is part of a character counts too, so this can be more than there is text for.
    private func reach(in text: WrappedText, from first: Int) -> Int? {
        guard let encoding else { return tokensMax * 4 }
        var reach = 0
        var left = tokensMax
        var group: [UInt8] = []
        for index in first..<text.lines.count {
            Self.append(index, of: text, to: &group)
            let isLast = index == text.lines.count - 1
            if !isLast { group.append(0x0A) }
            // No token crosses the beginning of a line: a letter stands there, after a line break.
            guard isLast || group.count >= Self.groupBytes else { continue }
            let tokens = encoding.encode(group.span)
            if tokens.count > left { return reach + Self.count(of: tokens.prefix(left), by: encoding) }
            reach += Self.count(of: tokens[...], by: encoding)
            left -= tokens.count
            group.removeAll(keepingCapacity: true)
        }
        return nil
    }

    private static func count(of tokens: ArraySlice<UInt32>, by encoding: Encoding) -> Int {
        encoding.scalarCounts(of: Array(tokens)).reduce(0, +)
    }

    /// How many lines begin within the first `reach` characters.
    private func lines(in text: WrappedText, from first: Int, reachedBy reach: Int) -> Int {
        var position = 0
        var count = 1
        for index in first..<text.lines.count - 1 {
            position += Self.scalarCount(of: index, in: text) + 1
            if position > reach { break }
            count += 1
        }
        return count
    }

    /// The characters of a line with its number.
    private static func scalarCount(of index: Int, in text: WrappedText) -> Int {
        String(index).utf8.count + 3 + text.scalarCount(text.lines[index].range)
    }

    /// Appends a line with its number.
    static func append(_ index: Int, of text: WrappedText, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "L"))
        output += String(index).utf8
        output += [UInt8(ascii: ":"), 0x20]
        output += text.bytes[text.lines[index].range]
    }
}
