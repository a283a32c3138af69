internal import PythonText

/// What an element says of being shown.
enum HiddenText {
    /// Whether the element at `index` hides itself: by its attribute, or by a style of its own.
    ///
    /// `includesUnseen` counts what is there and cannot be seen: far outside of the page, without size, transparent.
    static func isHidden(_ tape: Tape, at index: Int, includesUnseen: Bool) -> Bool {
        guard tape.events[index].second >= 0 else { return false }
        if let hidden = tape.value(of: .hidden, at: index) {
            return !LetterCase.lowered(Array(hidden)).elementsEqual("until-found".utf8)
        }
        guard let text = tape.value(of: .style, at: index) else { return false }
        let style = InlineStyle(text)
        return style.isHidden || (includesUnseen && style.isUnseen)
    }
}

/// The declarations of a `style` attribute, in lower case and without blanks and comments.
private struct InlineStyle {
    private var declarations: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []

    /// From this many pixels outside of the page on, nothing scrolls there.
    private static let farPixels = 500.0

    init(_ text: ArraySlice<UInt8>) {
        let plain = Self.withoutComments(LetterCase.lowered(Array(text)).filter { $0 > 0x20 })
        for declaration in plain.split(separator: UInt8(ascii: ";")) {
            guard let colon = declaration.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = declaration[(colon + 1)...].prefix { $0 != UInt8(ascii: "!") }
            declarations.append((declaration[..<colon], value))
        }
    }

    /// Whether it is not displayed.
    var isHidden: Bool {
        value("display", is: "none") || value("visibility", is: "hidden") || value("visibility", is: "collapse")
            || value("content-visibility", is: "hidden")
    }

    /// Whether it is displayed where, or as, it cannot be seen.
    var isUnseen: Bool {
        !declarations.isEmpty && (isTransparent || isWithoutSize || isClipped || isFarAway)
    }

    private var isTransparent: Bool {
        if isAtMost(0.05, "opacity") || value("filter", begins: "opacity(0") { return true }
        guard let color = (self["-webkit-text-fill-color"] ?? self["color"]).map(Color.init) else { return false }
        guard color != .transparent else {
            return !value("background-clip", is: "text") && !value("-webkit-background-clip", is: "text")
        }
        return (self["background-color"] ?? self["background"]).map(Color.init) == color
    }

    private var isWithoutSize: Bool {
        if isTiny("font-size") || value("font", begins: "0/") { return true }
        if value("transform", begins: "scale(0)") || value("transform", begins: "scale(0,") { return true }
        let cuts = ["overflow", "overflow-x", "overflow-y"].contains {
            value($0, is: "hidden") || value($0, is: "clip")
        }
        return cuts && ["height", "max-height", "width", "max-width"].contains(where: isTiny)
    }

    private var isClipped: Bool {
        if isPositioned, value("clip", begins: "rect("), let shape = self["clip"] {
            let edges = shape.dropFirst(5).split { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ")") }
            return edges.allSatisfy { CSSNumber($0).map { $0.value <= 1 } ?? false }
        }
        if value("clip-path", begins: "inset("), let inset = self["clip-path"]?.dropFirst(6) {
            return (CSSNumber(inset)?.value ?? 0) >= 50
        }
        return value("clip-path", begins: "circle(0") || value("clip-path", begins: "polygon(00,00")
    }

    private var isFarAway: Bool {
        if ["text-indent", "margin-left", "margin-top"].contains(where: isFar) { return true }
        if isPositioned, ["left", "top", "right", "bottom", "inset"].contains(where: isFar) { return true }
        guard value("transform", begins: "translate"), let transform = self["transform"],
            let parenthesis = transform.firstIndex(of: UInt8(ascii: "("))
        else { return false }
        let distances = transform[(parenthesis + 1)...].split(separator: UInt8(ascii: ","))
        return distances.contains { (CSSNumber($0)?.value ?? 0) <= -Self.farPixels }
    }

    private var isPositioned: Bool { value("position", is: "absolute") || value("position", is: "fixed") }

    private func isFar(_ name: String) -> Bool {
        (self[name].flatMap(CSSNumber.init)?.value ?? 0) <= -Self.farPixels
    }

    /// At most one pixel, or next to nothing of something larger.
    private func isTiny(_ name: String) -> Bool {
        guard let size = self[name].flatMap(CSSNumber.init) else { return false }
        return size.value <= (size.isInPixels ? 1 : 0.05)
    }

    private func isAtMost(_ limit: Double, _ name: String) -> Bool {
        self[name].flatMap(CSSNumber.init).map { $0.value <= limit } ?? false
    }

    /// The last value of a property.
    private subscript(name: String) -> ArraySlice<UInt8>? {
        declarations.last { $0.name.elementsEqual(name.utf8) }?.value
    }

    private func value(_ name: String, is wanted: String) -> Bool { self[name]?.elementsEqual(wanted.utf8) ?? false }

    private func value(_ name: String, begins start: String) -> Bool { self[name]?.starts(with: start.utf8) ?? false }

    private static func withoutComments(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(UInt8(ascii: "*")) else { return text }
        var result: [UInt8] = []
        var rest = text[...]
        while let start = rest.firstRange(of: Array("/*".utf8)) {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstRange(of: Array("*/".utf8)) else { return result }
            rest = rest[end.upperBound...]
        }
        return result + rest
    }
}

/// The number that a value begins with.
private struct CSSNumber {
    let value: Double
    let isInPixels: Bool

    init?(_ text: ArraySlice<UInt8>) {
        let digits = text.prefix { $0 &- UInt8(ascii: "0") < 10 || "+-.".utf8.contains($0) }
        guard let value = Double(String(decoding: digits, as: UTF8.self)) else { return nil }
        self.value = value
        let unit = text[digits.endIndex...]
        isInPixels = unit.isEmpty || unit.starts(with: "px".utf8) || unit.starts(with: "pt".utf8)
    }
}

/// A color in one spelling.
private enum Color: Equatable {
    case transparent, white, black
    case other(ArraySlice<UInt8>)

    init(_ value: ArraySlice<UInt8>) {
        switch String(decoding: value, as: UTF8.self) {
        case "transparent", "#0000", "#00000000": self = .transparent
        case "white", "#fff", "#ffff", "#ffffff", "#ffffffff", "rgb(255,255,255)": self = .white
        case "black", "#000", "#000f", "#000000", "#000000ff", "rgb(0,0,0)": self = .black
        case let text where text.hasSuffix(",0)") && (text.hasPrefix("rgba(") || text.hasPrefix("hsla(")):
            self = .transparent
        default: self = .other(value)
        }
    }
}
