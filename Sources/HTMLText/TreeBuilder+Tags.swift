/// Tags: what they open, what they close, what they imply.
extension TreeBuilder {
    /// Reads a start tag and opens what it names, unless that is out of place or the page ends in the tag.
    mutating func readElement() {
        position += 1
        readName(isAttribute: false)
        let tag = names.tag(name)
        closeWhatEnds(before: tag)
        openWhatIsImplied(by: tag)
        let isMisplaced = isMisplaced(tag)
        let attributes = readAttributes(of: tag)
        if position < bytes.count, !isMisplaced {
            openElement(tag, attributes: attributes)
            if isStopped { return }
        }
        finishStartTag()
    }

    /// Goes past the end of a start tag; what it says of content counts for the element that is open, whichever it is.
    private mutating func finishStartTag() {
        guard let tag = open.innermost else { return }
        if byte(at: position) == UInt8(ascii: "/"), byte(at: position + 1) == UInt8(ascii: ">") {
            position += 2
            if !fixes.contains(.keepsTextAfterEnd) || (tag != .html && tag != .body) { closeInnermost() }
            return
        }
        guard byte(at: position) == UInt8(ascii: ">"), position < bytes.count else { return }
        position += 1
        guard tag.isKnown else { return }
        if traits[Int(tag.number)].isVoid {
            closeInnermost()
        } else {
            content = traits[Int(tag.number)].content
        }
    }

    private mutating func isMisplaced(_ tag: Tag) -> Bool {
        let isMisplaced =
            (tag == .html && !open.isEmpty) || (tag == .head && open.count != 1)
            || (tag == .body && open.contains(.body))
        if isMisplaced { misplaced += 1 }
        return isMisplaced
    }

    mutating func readEndTag() {
        position += 2
        guard position < bytes.count else {
            prepareForText()
            return appendText(position - 2..<position)
        }
        if bytes[position] == UInt8(ascii: ">") {
            position += 1
            return
        }
        guard Self.isLetter(bytes[position]) else { return readBogusComment() }
        readName(isAttribute: false)
        let tag = names.tag(name)
        skipAttributes()
        if byte(at: position) == UInt8(ascii: ">") {
            position += 1
        } else if byte(at: position) == UInt8(ascii: "/"), byte(at: position + 1) == UInt8(ascii: ">") {
            position += 2
        } else {
            return
        }
        close(tag)
    }

    private mutating func close(_ tag: Tag) {
        if misplaced > 0, tag == .html || tag == .body || tag == .head {
            misplaced -= 1
            return
        }
        if fixes.contains(.keepsTextAfterEnd), tag == .html || tag == .body { return }
        let priority = tag.isKnown ? traits[Int(tag.number)].priority : 0
        for _ in 0..<open.countClosed(by: tag, priority: priority) { closeInnermost() }
    }

    private mutating func closeWhatEnds(before tag: Tag) {
        while let innermost = open.innermost, rules.closes(innermost, before: tag) { closeInnermost() }
    }

    private mutating func openWhatIsImplied(by tag: Tag) {
        if tag == .html { return }
        if open.isEmpty { openElement(.html) }
        if isStopped || tag == .body || tag == .head { return }
        let belongsInHead =
            tag == .script || tag == .style || tag == .meta || tag == .link || tag == .title || tag == .base
        if open.count <= 1, belongsInHead {
            if !hasSeenHead { openElement(.head) }
        } else if tag != .noframes, tag != .frame, tag != .frameset {
            if !hasSeenBody, !open.contains(.body), !open.contains(.head) { openElement(.body) }
        }
    }

    /// Opens what text needs around it.
    mutating func prepareForText() {
        if open.innermost == .head { closeWhatEnds(before: .p) }
        openWhatIsImplied(by: .p)
    }

    mutating func openElement(_ tag: Tag, attributes: Int32 = -1) {
        // A second root is no part of the tree.
        let isSecondRoot = open.isEmpty && !tape.events.isEmpty
        let isTooDeep = open.count >= Self.referenceDepthMax && !fixes.contains(.keepsDeepText)
        if isSecondRoot || isTooDeep {
            isStopped = true
            return
        }
        if tag == .head { hasSeenHead = true }
        if tag == .body { (hasSeenHead, hasSeenBody) = (true, true) }
        open.push(
            tag,
            event: Int32(tape.events.count),
            priority: tag.isKnown ? traits[Int(tag.number)].priority : 0
        )
        tape.events.append(Tape.Event(kind: .open, tag: tag, first: -1, second: attributes))
    }

    private mutating func closeInnermost() {
        guard let (tag, event) = open.pop() else { return }
        tape.events[Int(event)].first = Int32(tape.events.count)
        tape.events.append(Tape.Event(kind: .close, tag: tag, first: event, second: -1))
    }

    mutating func closeAll() {
        while !open.isEmpty { closeInnermost() }
    }
}

/// Names and attributes.
extension TreeBuilder {
    /// Reads a name into `name`, in lower case and cut at its longest.
    mutating func readName(isAttribute: Bool) {
        name.removeAll(keepingCapacity: true)
        let start = position
        while position < bytes.count {
            Steps.take()
            let byte = bytes[position]
            if position > start {
                if byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") || Self.isSpace(byte) { break }
                if isAttribute, byte == UInt8(ascii: "=") { break }
            }
            if byte < 0x80, byte != 0 {
                position += 1
                if name.count < TagNames.nameBytesMax {
                    name.append(byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte)
                }
            } else {
                readUnusualScalarOfName(byte)
            }
        }
    }

    private mutating func readUnusualScalarOfName(_ byte: UInt8) {
        let end = min(position + (byte == 0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4), bytes.count)
        let scalar: ArraySlice<UInt8> = byte == 0 ? [0xEF, 0xBF, 0xBD] : bytes[position..<end]
        if name.count + scalar.count <= TagNames.nameBytesMax { name += scalar }
        position = end
    }

    /// Passes over the attributes of a tag, up to the `>` or `/>` that ends it.
    private mutating func skipAttributes() {
        forEachAttribute { builder in
            if builder.isValueNext() { builder.readValue(keeps: false) }
        }
    }

    /// Reads the attributes of a tag up to its end, and says where on the tape those are that somebody wants; -1 for
    /// nowhere. Of two with one name the first counts.
    private mutating func readAttributes(of tag: Tag) -> Int32 {
        let first = tape.attributes.count
        forEachAttribute { builder in
            let wanted = AttributeName(builder.name, of: tag, keepsIdentity: builder.keepsIdentity)
            let isKept = wanted.map { name in !builder.tape.attributes[first...].contains { $0.name == name } } ?? false
            let start = Int32(builder.tape.attributeText.count)
            if builder.isValueNext() { builder.readValue(keeps: isKept) }
            if let wanted, isKept {
                if first < builder.tape.attributes.count {
                    builder.tape.attributes[builder.tape.attributes.count - 1].hasNext = true
                }
                let range = start..<Int32(builder.tape.attributeText.count)
                builder.tape.attributes.append(Tape.Attribute(name: wanted, range: range, hasNext: false))
                if wanted == .shadowRootMode { builder.tape.hasShadowTrees = true }
            }
        }
        return first < tape.attributes.count ? Int32(first) : -1
    }

    private mutating func forEachAttribute(_ body: (inout TreeBuilder) -> Void) {
        skipSpace()
        while position < bytes.count, bytes[position] != UInt8(ascii: ">") {
            Steps.take()
            if bytes[position] == UInt8(ascii: "/") {
                if byte(at: position + 1) == UInt8(ascii: ">") { return }
                position += 1
            } else {
                readName(isAttribute: true)
                skipSpace()
                body(&self)
            }
            skipSpace()
        }
    }

    /// Whether a value follows the name of an attribute; goes to where it begins.
    private mutating func isValueNext() -> Bool {
        guard byte(at: position) == UInt8(ascii: "=") else { return false }
        position += 1
        skipSpace()
        return true
    }

    private mutating func readValue(keeps: Bool) {
        let quote = byte(at: position)
        let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
        if isQuoted { position += 1 }
        let start = position
        while position < bytes.count {
            Steps.take()
            let byte = bytes[position]
            if isQuoted ? byte == quote : byte == UInt8(ascii: ">") || Self.isSpace(byte) { break }
            position += 1
        }
        if keeps { appendAttributeText(start..<position) }
        if isQuoted, position < bytes.count { position += 1 }
    }
}
