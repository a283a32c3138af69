/// Abbreviations and what their titles say they mean, listed at the end of the page.
struct Abbreviations {
    /// How many are listed.
    private static let listedMax = 10_000

    private(set) var isCapturing = false
    private var title: [UInt8]?
    private var text: [UInt8] = []
    private var order: [[UInt8]] = []
    private var meanings: [[UInt8]: [UInt8]] = [:]

    mutating func start(title: ArraySlice<UInt8>?) {
        isCapturing = true
        text.removeAll()
        self.title = title.map { value in
            var title: [UInt8] = []
            // XML has no reference for these.
            for byte in value {
                if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D {
                    title += [0xEF, 0xBF, 0xBD]
                } else {
                    title.append(byte)
                }
            }
            return title
        }
    }

    mutating func capture(_ piece: ArraySlice<UInt8>) {
        text += piece
    }

    mutating func end() {
        isCapturing = false
        guard let title, order.count < Self.listedMax else { return }
        if meanings.updateValue(title, forKey: text) == nil { order.append(text) }
        self.title = nil
        text.removeAll()
    }

    /// One line for each.
    var definitions: [UInt8] {
        var lines: [UInt8] = []
        for text in order {
            lines += Array("  *[".utf8) + text + Array("]: ".utf8) + (meanings[text] ?? []) + [0x0A]
        }
        return lines
    }
}
