internal import PythonText

/// Takes the marks of links out of text and leaves their words.
struct LinkStripping {
    static let opening: [UInt8] = [0xE3, 0x80, 0x90]
    static let closing: [UInt8] = [0xE3, 0x80, 0x91]
    static let dagger: [UInt8] = [0xE2, 0x80, 0xA0]

    private let bytes: [UInt8]
    /// Line breaks in what is taken out stay, so that lines keep their numbers.
    private let keepsLines: Bool
    private var result: [UInt8] = []

    /// `bytes` without links; a link that is cut off at either end counts as one.
    static func stripped(_ bytes: [UInt8], keepsLines: Bool = false) -> [UInt8] {
        // The first byte of both brackets.
        guard bytes.contains(0xE3) else { return bytes }
        var stripping = LinkStripping(bytes: bytes, keepsLines: keepsLines)
        stripping.strip()
        return stripping.result
    }

    private init(bytes: [UInt8], keepsLines: Bool) {
        self.bytes = bytes
        self.keepsLines = keepsLines
        result.reserveCapacity(bytes.count)
    }

    private mutating func strip() {
        let start = endOfLeadingPart()
        drop(0..<start)
        let tail = TrailingPart(in: bytes, from: start)
        stripWhole(start..<(tail?.start ?? bytes.count))
        guard let tail else { return }
        drop(tail.start..<tail.content.lowerBound)
        // What the tail leaves is searched again, as a part of the whole.
        result += bytes[tail.content]
        drop(tail.content.upperBound..<tail.end)
        result += bytes[tail.end...]
    }

    private mutating func drop(_ range: Range<Int>) {
        guard keepsLines else { return }
        for index in range where bytes[index] == 0x0A { result.append(0x0A) }
    }

    /// One past a closing bracket in front of any opening one.
    private func endOfLeadingPart() -> Int {
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0xE3 {
                if bytes.hasBytes(Self.opening, at: index) { return 0 }
                if bytes.hasBytes(Self.closing, at: index) { return index + 3 }
            }
            index += 1
        }
        return 0
    }

    private mutating func stripWhole(_ range: Range<Int>) {
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            if bytes[index] != 0xE3 {
                index += 1
                continue
            }
            guard let link = Link(in: bytes, at: index, before: range.upperBound) else {
                index += 1
                continue
            }
            result += bytes[start..<index]
            result += bytes[link.content]
            drop(link.content.upperBound..<link.end)
            (index, start) = (link.end, link.end)
        }
        result += bytes[start..<range.upperBound]
    }
}

/// A whole link, or a citation, which looks the same: `【number†content†more】`.
struct Link {
    let number: Range<Int>
    let content: Range<Int>
    let end: Int

    /// The link that begins at `start`.
    init?(in bytes: [UInt8], at start: Int, before limit: Int) {
        guard bytes.hasBytes(LinkStripping.opening, at: start) else { return nil }
        let numberEnd = Self.endOfDigits(in: bytes, from: start + 3, before: limit)
        guard numberEnd > start + 3, numberEnd < limit, bytes.hasBytes(LinkStripping.dagger, at: numberEnd) else {
            return nil
        }
        number = start + 3..<numberEnd
        let contentEnd = Self.endOfPart(in: bytes, from: numberEnd + 3, before: limit)
        guard contentEnd > numberEnd + 3, contentEnd < limit else { return nil }
        content = numberEnd + 3..<contentEnd
        var last = contentEnd
        if bytes.hasBytes(LinkStripping.dagger, at: contentEnd) {
            last = Self.endOfPart(in: bytes, from: contentEnd + 3, before: limit)
            guard last > contentEnd + 3, last < limit else { return nil }
        }
        guard bytes.hasBytes(LinkStripping.closing, at: last), last + 3 <= limit else { return nil }
        end = last + 3
    }

    static func endOfDigits(in bytes: [UInt8], from start: Int, before limit: Int) -> Int {
        var index = start
        while index < limit {
            let (scalar, length) = bytes.scalar(at: index)
            guard ScalarSet.decimal.contains(scalar) else { break }
            index += length
        }
        return index
    }

    /// Where a dagger or a closing bracket stands.
    static func endOfPart(in bytes: [UInt8], from start: Int, before limit: Int) -> Int {
        var index = start
        while index < limit {
            let byte = bytes[index]
            if byte == 0xE2, bytes.hasBytes(LinkStripping.dagger, at: index) { return index }
            if byte == 0xE3, bytes.hasBytes(LinkStripping.closing, at: index) { return index }
            index += 1
        }
        return limit
    }
}

/// A link that text ends in: `【`, `【12`, `【12†words`, `【12†words†host`.
struct TrailingPart {
    let start: Int
    /// What it leaves; empty unless it has words.
    let content: Range<Int>
    /// Before the last line break of the text, if nothing but a number is in front of that.
    let end: Int

    /// The first such part of `bytes`, from `first` on.
    init?(in bytes: [UInt8], from first: Int) {
        let lastClosing = Self.lastClosing(in: bytes, from: first)
        var index = lastClosing.map { $0 + 3 } ?? first
        // Daggers from the candidate on, so that each is counted once.
        var daggers = Self.daggers(in: bytes, from: index)[...]
        while index < bytes.count {
            guard bytes[index] == 0xE3, bytes.hasBytes(LinkStripping.opening, at: index) else {
                index += 1
                continue
            }
            daggers = daggers.drop { $0 < index }
            let number = Link.endOfDigits(in: bytes, from: index + 3, before: bytes.count)
            let isAtEnd = number == bytes.count || (number == bytes.count - 1 && bytes[number] == 0x0A)
            if daggers.first == number, daggers.count <= 2 {
                start = index
                content = number + 3..<(daggers.dropFirst().first ?? bytes.count)
                end = bytes.count
                return
            }
            if isAtEnd {
                (start, content, end) = (index, number..<number, number)
                return
            }
            index += 1
        }
        return nil
    }

    private static func lastClosing(in bytes: [UInt8], from first: Int) -> Int? {
        var index = bytes.count - 3
        while index >= first {
            if bytes[index] == 0xE3, bytes.hasBytes(LinkStripping.closing, at: index) { return index }
            index -= 1
        }
        return nil
    }

    private static func daggers(in bytes: [UInt8], from first: Int) -> [Int] {
        var found: [Int] = []
        var index = first
        while let dagger = bytes.firstIndex(of: LinkStripping.dagger, from: index) {
            found.append(dagger)
            index = dagger + 3
        }
        return found
    }
}
