internal import PythonText

/// A start tag or an end tag, as far as its words matter.
struct MarkupTag {
    /// Up to eight letters and digits in lower case; 0 for longer names.
    let name: UInt64
    let isStart: Bool
    /// One past its last byte.
    private(set) var end: Int
    /// Whether its own attributes hide the element.
    private(set) var isHidden = false
    /// Where the text is that stands for an image.
    private(set) var description = 0..<0

    /// Reads the tag that begins at `start`; nil if there is none, or no end of it.
    init?(in bytes: [UInt8], at start: Int) {
        isStart = start + 1 < bytes.count && bytes[start + 1] != UInt8(ascii: "/")
        (name, end) = Self.name(in: bytes, at: start + (isStart ? 1 : 2))
        guard end > start + (isStart ? 1 : 2) else { return nil }
        var isShadow = false
        while let attribute = Attribute(in: bytes, at: end) {
            end = attribute.end
            switch attribute.name.count {
            case 3 where attribute.isNamed("alt", in: bytes): description = attribute.value
            case 5 where attribute.isNamed("style", in: bytes): isHidden = isHidden || attribute.hides(in: bytes)
            case 6 where attribute.isNamed("hidden", in: bytes): isHidden = true
            case 14 where attribute.isNamed("shadowrootmode", in: bytes): isShadow = true
            default: break
            }
        }
        if name == Self.template { isHidden = !isShadow }
        if Self.neverHidden.contains(name) { isHidden = false }
        while end < bytes.count, bytes[end] <= 0x20 || bytes[end] == UInt8(ascii: "/") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: ">") else { return nil }
        end += 1
    }

    var isInline: Bool { Self.inline.contains(name) }
    var isRaw: Bool { Self.raw.contains(name) }
    var isOfHTML: Bool { Self.known.contains(name) }

    /// The name at `start`, which begins with a letter, and where it ends.
    static func name(in bytes: [UInt8], at start: Int) -> (packed: UInt64, end: Int) {
        var (packed, index): (UInt64, Int) = (0, start)
        while index < bytes.count {
            let byte = bytes[index]
            let letter = byte | 0x20
            guard letter &- UInt8(ascii: "a") < 26 || index > start && (byte &- 0x30 < 10 || byte == 0x2D) else {
                break
            }
            packed = packed << 8 | UInt64(letter)
            index += 1
        }
        return (index - start > 8 ? 0 : packed, index)
    }

    static let title = set("title").first ?? 0
    private static let template = set("template").first ?? 0
    private static let inline = set(
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike "
            + "strong sub sup time tt u var wbr"
    )
    private static let raw = set("iframe noembed noframes script style")
    /// Those without an end tag, or with one that may be missing.
    private static let neverHidden = set(
        "area base br col dd dt embed frame hr img input li link meta option p param source tbody td tfoot th thead tr "
            + "track wbr body html head"
    )
    private static let known = set(Tag.names.joined(separator: " ")).union(inline)
        .union(
            set("article aside canvas details dialog figure footer header hgroup main nav output picture ruby section")
        )
        .union(set("slot source summary svg track video audio embed object button select label template rp rt"))
        .subtracting([0])

    private static func set(_ names: String) -> Set<UInt64> {
        Set(names.utf8.split(separator: 0x20).map { name(in: Array($0), at: 0).packed })
    }
}

/// An attribute of a tag.
private struct Attribute {
    let name: Range<Int>
    /// Without its quotes.
    let value: Range<Int>
    let end: Int

    /// Reads the attribute at `start`, or after white space there; nil where the tag ends.
    init?(in bytes: [UInt8], at start: Int) {
        var index = start
        while index < bytes.count, bytes[index] <= 0x20 || bytes[index] == UInt8(ascii: "/") { index += 1 }
        let first = index
        while index < bytes.count, bytes[index] > 0x20, ![0x2F, 0x3D, 0x3E].contains(bytes[index]) { index += 1 }
        if index == first, index < bytes.count, bytes[index] == UInt8(ascii: "=") { index += 1 }
        name = first..<index
        guard index > first else { return nil }
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
            (value, end) = (index..<index, name.upperBound)
            return
        }
        index += 1
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") {
            let close = bytes[(index + 1)...].firstIndex(of: bytes[index]) ?? bytes.count
            (value, end) = (index + 1..<close, min(close + 1, bytes.count))
        } else {
            let first = index
            while index < bytes.count, bytes[index] > 0x20, bytes[index] != UInt8(ascii: ">") { index += 1 }
            (value, end) = (first..<index, index)
        }
    }

    func isNamed(_ wanted: StaticString, in bytes: [UInt8]) -> Bool {
        bytes[name].elementsEqual("\(wanted)".utf8) { $0 | 0x20 == $1 }
    }

    /// Whether this style hides its element.
    func hides(in bytes: [UInt8]) -> Bool {
        let style = LetterCase.lowered(Array(bytes[value])).filter { $0 > 0x20 }
        return style.firstIndex(of: Array("display:none".utf8)) != nil
            || style.firstIndex(of: Array("visibility:hidden".utf8)) != nil
    }
}
