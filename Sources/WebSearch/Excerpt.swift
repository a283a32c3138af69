/// The neighbourhood of what was found, in text that is not cut into words.
enum Excerpt {
    private static let bytesBefore = 90
    private static let bytesAfter = 270

    /// About forty words around the first of `runs` that is in `body`, or around the first pair of its characters; nil
    /// if none is there.
    static func around(_ runs: [String], in body: String) -> String? {
        let text = Array(body.utf8)
        let pairs = runs.flatMap { run in zip(run.unicodeScalars, run.unicodeScalars.dropFirst()).map { "\($0)\($1)" } }
        for wanted in runs + pairs {
            guard let place = index(of: Array(wanted.utf8), in: text) else { continue }
            let start = boundary(in: text, from: max(0, place - bytesBefore))
            let end = boundary(in: text, from: min(text.count, place + bytesAfter))
            let excerpt = String(decoding: text[start..<end], as: UTF8.self)
            return (start > 0 ? "… " : "") + excerpt + (end < text.count ? " …" : "")
        }
        return nil
    }

    private static func index(of wanted: [UInt8], in text: [UInt8]) -> Int? {
        guard let first = wanted.first, wanted.count <= text.count else { return nil }
        for index in 0...(text.count - wanted.count) where text[index] == first {
            if text[index..<(index + wanted.count)].elementsEqual(wanted) { return index }
        }
        return nil
    }

    /// The first beginning of a scalar from `index` on.
    private static func boundary(in text: [UInt8], from index: Int) -> Int {
        var index = index
        while index < text.count, text[index] & 0xC0 == 0x80 { index += 1 }
        return index
    }
}
