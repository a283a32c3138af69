internal import PythonText

/// Text: where it ends, and what stands for something else in it.
extension TreeBuilder {
    /// Reads text up to the next tag.
    mutating func readText() {
        switch content {
        case .markup: readPlainText(upTo: { $0 == UInt8(ascii: "<") }, hasReferences: true)
        case .characterReferences: readRawText(hasReferences: true)
        case .rawText: readRawText(hasReferences: false)
        case .script: readScript()
        case .plaintext: readPlainText(upTo: { _ in false }, hasReferences: false)
        }
    }

    /// Reads text up to `isEnd` or the end of the page.
    private mutating func readPlainText(upTo isEnd: (UInt8) -> Bool, hasReferences: Bool) {
        var start = position
        while position < bytes.count {
            Steps.take()
            let byte = bytes[position]
            if byte > UInt8(ascii: "<") || (byte > UInt8(ascii: "&") && byte < UInt8(ascii: "<")) {
                position += 1
                continue
            }
            if isEnd(byte) { break }
            if !isSpecial(byte, hasReferences: hasReferences) {
                position += 1
                continue
            }
            appendCharacters(start..<position)
            readSpecial(hasReferences: hasReferences)
            start = position
        }
        appendCharacters(start..<position)
    }

    /// Reads text in which only the end tag of the open element counts.
    private mutating func readRawText(hasReferences: Bool) {
        var start = position
        while position < bytes.count {
            Steps.take()
            let byte = bytes[position]
            if byte == UInt8(ascii: "<"), isEndTagOfInnermost(at: position) { break }
            if !isSpecial(byte, hasReferences: hasReferences) {
                position += 1
                continue
            }
            appendCharacters(start..<position)
            readSpecial(hasReferences: hasReferences)
            start = position
        }
        appendCharacters(start..<position)
        if position < bytes.count { content = .markup }
    }

    /// Reads a script, in which a comment may hold a script of its own.
    private mutating func readScript() {
        var isInComment = false
        var isInInnerScript = false
        var start = position
        while position < bytes.count {
            Steps.take()
            let byte = bytes[position]
            if byte == UInt8(ascii: "<") {
                if !isInComment, bytes.hasBytes([0x21, 0x2D, 0x2D], at: position + 1) {
                    isInComment = true
                } else if isEndTagOfInnermost(at: position) {
                    if !isInInnerScript { break }
                    isInInnerScript = false
                } else if isInComment, !isInInnerScript, isInnermostNamed(at: position + 1) {
                    isInInnerScript = true
                }
            } else if byte == UInt8(ascii: "-"), isInComment, bytes.hasBytes([0x2D, 0x3E], at: position + 1) {
                (isInComment, isInInnerScript) = (false, false)
            }
            if isSpecial(byte, hasReferences: false) {
                appendCharacters(start..<position)
                readSpecial(hasReferences: false)
                start = position
            } else {
                position += 1
            }
        }
        appendCharacters(start..<position)
        if position < bytes.count { content = .markup }
    }

    private func isEndTagOfInnermost(at index: Int) -> Bool {
        byte(at: index + 1) == UInt8(ascii: "/") && isInnermostNamed(at: index + 2)
    }

    /// Whether the name of the open element stands at `index`, and nothing that would make it longer.
    private func isInnermostNamed(at index: Int) -> Bool {
        guard let tag = open.innermost, tag.isKnown else { return false }
        var end = index
        for letter in Tag.names[Int(tag.number)].utf8 {
            guard byte(at: end) | 0x20 == letter else { return false }
            end += 1
        }
        guard end < bytes.count else { return false }
        return bytes[end] == UInt8(ascii: ">") || bytes[end] == UInt8(ascii: "/") || Self.isSpace(bytes[end])
    }

    private func isSpecial(_ byte: UInt8, hasReferences: Bool) -> Bool {
        byte == 0 || byte == 0x0D || (hasReferences && byte == UInt8(ascii: "&"))
    }

    /// Reads a reference, a carriage return or a NUL.
    private mutating func readSpecial(hasReferences: Bool) {
        let replacement = replacement(at: position, isAttribute: false)
        position += replacement.length
        if !replacement.bytes.isEmpty { appendCharacters(replacement.bytes) }
    }

    /// What the special byte at `index` stands for, and how many bytes it takes with it.
    private func replacement(at index: Int, isAttribute: Bool) -> (bytes: [UInt8], length: Int) {
        switch bytes[index] {
        case 0: return ([0xEF, 0xBF, 0xBD], 1)
        case 0x0D: return (byte(at: index + 1) == 0x0A ? [] : [0x0A], 1)
        default:
            if byte(at: index + 1) == UInt8(ascii: "#") {
                guard let (scalar, length) = NumericReference.match(in: bytes, at: index) else {
                    return ([UInt8(ascii: "&")], 1)
                }
                var result: [UInt8] = []
                append(scalar, to: &result)
                return (result, length)
            }
            guard let (scalars, length) = references.match(in: bytes, at: index + 1, isAttribute: isAttribute) else {
                return ([UInt8(ascii: "&")], 1)
            }
            var result: [UInt8] = []
            for scalar in scalars { append(scalar, to: &result) }
            return (result, length + 1)
        }
    }

    private func append(_ scalar: UInt32, to result: inout [UInt8]) {
        guard fixes.contains(.guardsMarks) else { return result.append(scalar: scalar) }
        if let scalar = Marks.guarded(scalar) { result.append(scalar: scalar) }
    }
}

/// What goes on the tape.
extension TreeBuilder {
    /// Adds a piece of the page as text; white space in front of what needs a body stays outside of one.
    private mutating func appendCharacters(_ range: Range<Int>) {
        guard !range.isEmpty, !isStopped else { return }
        var start = range.lowerBound
        if open.innermost == nil || open.innermost == .html || open.innermost == .head {
            while start < range.upperBound, Self.isSpace(bytes[start]) { start += 1 }
            appendText(range.lowerBound..<start)
            guard start < range.upperBound else { return }
            prepareForText()
        }
        appendText(start..<range.upperBound)
    }

    private mutating func appendCharacters(_ replacement: [UInt8]) {
        if open.innermost == nil || open.innermost == .html || open.innermost == .head {
            if !replacement.allSatisfy(Self.isSpace) { prepareForText() }
        }
        noteControlCharacters(in: replacement)
        appendText(replacement[...])
    }

    private mutating func noteControlCharacters(in replacement: [UInt8]) {
        if replacement.contains(where: PreparedSource.isSuspect) { tape.hasControlCharacters = true }
    }

    /// Adds a piece of the page as text of the open element.
    mutating func appendText(_ range: Range<Int>) {
        appendText(bytes[range])
    }

    private mutating func appendText(_ piece: ArraySlice<UInt8>) {
        guard !open.isEmpty, !piece.isEmpty, !isStopped else { return }
        let start = Int32(tape.text.count)
        tape.text += piece
        let last = tape.events.count - 1
        if last >= 0, tape.events[last].kind == .text {
            tape.events[last].second = Int32(tape.text.count)
        } else {
            tape.events.append(Tape.Event(kind: .text, tag: .html, first: start, second: Int32(tape.text.count)))
        }
    }

    /// Adds a piece of the page to the values of attributes.
    mutating func appendAttributeText(_ range: Range<Int>) {
        let end = min(range.upperBound, range.lowerBound + Self.attributeBytesMax)
        var start = range.lowerBound
        var index = start
        while index < end {
            Steps.take()
            guard isSpecial(bytes[index], hasReferences: true) else {
                index += 1
                continue
            }
            tape.attributeText += bytes[start..<index]
            let replacement = replacement(at: index, isAttribute: true)
            noteControlCharacters(in: replacement.bytes)
            tape.attributeText += replacement.bytes
            index += replacement.length
            start = index
        }
        if start < end { tape.attributeText += bytes[start..<end] }
    }
}
