/// What compatibility mapping makes of the characters of a host, as far as that is certain without Unicode's tables.
///
/// It knows the look-alikes of ASCII: full-width, enclosed, mathematical, raised. For the rest it relies on the
/// standard library to say that mapping would change nothing. What neither covers is refused: the worst that a
/// strict rule does is ask for `xn--`. All checks come after it, on what is looked up.
enum HostMapping {
    /// `text` in lower case and mapped; nil if a character cannot be mapped with certainty.
    static func map(_ text: String) -> String? {
        var mapped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                mapped.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            } else if isIgnored(scalar) {
                continue
            } else if let simple = lookAlike(scalar) {
                mapped.append(contentsOf: simple.lowercased().unicodeScalars)
            } else {
                for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                    guard isStable(lower) else { return nil }
                    mapped.append(lower)
                }
            }
        }
        return String(mapped)
    }

    /// Invisible and without meaning in a name: soft hyphen, joiners of words, variation selectors.
    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xad, 0x34f, 0x180b...0x180d, 0x200b, 0x2060, 0xfe00...0xfe0f, 0xfeff: true
        default: false
        }
    }

    /// The ASCII that `scalar` stands for.
    private static func lookAlike(_ scalar: Unicode.Scalar) -> String? {
        let value = scalar.value
        switch value {
        case 0x3002, 0xff61: return "."
        case 0xff01...0xff5e: return ascii(value - 0xfee0)
        case 0x2460...0x2473: return "\(value - 0x2460 + 1)"
        case 0x24ea, 0x2070, 0x2080: return "0"
        case 0x24b6...0x24e9: return letter((value - 0x24b6) % 26)
        case 0x1d400...0x1d6a3: return letter((value - 0x1d400) % 26)
        case 0x1d7ce...0x1d7ff: return "\((value - 0x1d7ce) % 10)"
        case 0x1f130...0x1f149: return letter(value - 0x1f130)
        case 0xb9: return "1"
        case 0xb2, 0xb3: return "\(value - 0xb0)"
        case 0x2074...0x2079: return "\(value - 0x2070)"
        case 0x2081...0x2089: return "\(value - 0x2080)"
        case 0xfb00...0xfb06: return ["ff", "fi", "fl", "ffi", "ffl", "st", "st"][Int(value - 0xfb00)]
        default: return letterLike[value]
        }
    }

    private static let letterLike: [UInt32: String] = [
        0xaa: "a", 0xba: "o", 0x17f: "s", 0x2071: "i", 0x207f: "n",
        0x2102: "c", 0x210a: "g", 0x210b: "h", 0x210c: "h", 0x210d: "h", 0x210e: "h", 0x2110: "i", 0x2111: "i",
        0x2112: "l", 0x2113: "l", 0x2115: "n", 0x2119: "p", 0x211a: "q", 0x211b: "r", 0x211c: "r", 0x211d: "r",
        0x2124: "z", 0x2128: "z", 0x212a: "k", 0x212c: "b", 0x212d: "c", 0x212f: "e", 0x2130: "e", 0x2131: "f",
        0x2133: "m", 0x2134: "o", 0x2139: "i", 0x2145: "d", 0x2146: "d", 0x2147: "e", 0x2148: "i", 0x2149: "j",
    ]

    /// Whether no mapping or composition could change `scalar`, which is part of a word.
    private static func isStable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber: break
        default: return false
        }
        // ß and ς are letters of their own since IDNA2008.
        if scalar == "ß" || scalar == "ς" { return true }
        return !scalar.properties.changesWhenNFKCCaseFolded && !composes(scalar)
    }

    /// Accents, Hangul parts and voicing marks that become one with the letter before them.
    private static func composes(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x300...0x36f, 0x1100...0x11ff, 0x3099...0x309a: true
        default: false
        }
    }

    private static func letter(_ index: UInt32) -> String? { ascii(0x61 + index) }

    private static func ascii(_ value: UInt32) -> String? { Unicode.Scalar(value).map { String($0) } }
}
