internal import PythonText

/// Links to papers go to their rendition as HTML.
enum Arxiv {
    private static let name = Array("arxiv".utf8)

    /// `url` with `arxiv.org` made `ar5iv.org`; as the reference does it, with any character for the dot and wherever
    /// it stands, unless `isExact`.
    static func rendition(of url: [UInt8], domain: [UInt8], isExact: Bool) -> [UInt8] {
        guard url.firstIndex(of: name) != nil else { return url }
        let lowered = isExact ? LetterCase.lowered(domain) : []
        if isExact, !lowered.elementsEqual("arxiv.org".utf8), !lowered.elementsEqual("www.arxiv.org".utf8) {
            return url
        }
        var result: [UInt8] = []
        var index = 0
        while index < url.count {
            if let length = length(in: url, at: index) {
                result += Array("ar5iv.org".utf8)
                index += length
                if isExact { return result + url[index...] }
            } else {
                result.append(url[index])
                index += 1
            }
        }
        return result
    }

    /// How many bytes at `index` match: those of `arxiv`, one character, those of `org`.
    private static func length(in url: [UInt8], at index: Int) -> Int? {
        guard url.hasBytes(name, at: index), index + 5 < url.count else { return nil }
        let (dot, length) = url.scalar(at: index + 5)
        guard dot != 0x0A, url.hasBytes(Array("org".utf8), at: index + 5 + length) else { return nil }
        return 8 + length
    }
}

/// Marks of an earlier format, `【@…】`, that the reference still knows.
enum Anchors {
    private static let at = Marks.opening + [UInt8(ascii: "@")]

    /// Whether `text` is nothing but such marks.
    static func areAll(of text: [UInt8]) -> Bool {
        var index = 0
        while index < text.count {
            guard let end = end(in: text, at: index) else { return false }
            index = end
        }
        return true
    }

    /// Moves each mark past the white space that follows it.
    static func moved(in text: [UInt8]) -> [UInt8] {
        guard text.firstIndex(of: at) != nil else { return text }
        var result: [UInt8] = []
        var index = 0
        // Where no mark can begin any more, for want of an end.
        let last = text.lastIndex(of: Marks.closing[2]) ?? 0
        while index < text.count {
            guard index < last, let end = end(in: text, at: index) else {
                result.append(text[index])
                index += 1
                continue
            }
            var space = end
            while space < text.count {
                let length = Whitespace.length(in: text, at: space)
                if length == 0 { break }
                space += length
            }
            result += text[end..<space]
            result += text[index..<end]
            index = space
        }
        return result
    }

    /// Where the mark ends that begins at `index`.
    private static func end(in text: [UInt8], at index: Int) -> Int? {
        guard text.hasBytes(at, at: index) else { return nil }
        var end = index + at.count
        while end < text.count, !text.hasBytes(Marks.closing, at: end) { end += 1 }
        guard end > index + at.count, end < text.count else { return nil }
        return end + Marks.closing.count
    }
}
