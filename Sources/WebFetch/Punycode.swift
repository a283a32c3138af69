/// International labels in ASCII, as RFC 3492 writes them.
enum Punycode {
    private static let base = 36
    private static let thresholdMin = 1
    private static let thresholdMax = 26

    /// `label` as it is if it is ASCII, else `xn--…`; nil if it is too long for a name.
    static func label(_ label: Substring) -> String? {
        let scalars = label.unicodeScalars.map(\.value)
        guard scalars.contains(where: { $0 >= 0x80 }) else { return String(label) }
        // No label of a name is longer, and the work grows with the square.
        guard scalars.count <= 63, !label.hasPrefix("xn--") else { return nil }
        return "xn--" + String(decoding: encoded(scalars), as: UTF8.self)
    }

    private static func encoded(_ scalars: [UInt32]) -> [UInt8] {
        var output = scalars.filter { $0 < 0x80 }.map(UInt8.init)
        let plainCount = output.count
        var handled = plainCount
        if plainCount > 0 { output.append(UInt8(ascii: "-")) }
        var (point, delta, bias) = (UInt32(0x80), 0, 72)
        while handled < scalars.count, let next = scalars.lazy.filter({ $0 >= point }).min() {
            delta += Int(next - point) * (handled + 1)
            for scalar in scalars {
                if scalar < next { delta += 1 }
                guard scalar == next else { continue }
                append(delta, bias: bias, to: &output)
                bias = adapted(delta, count: handled + 1, isFirst: handled == plainCount)
                delta = 0
                handled += 1
            }
            delta += 1
            point = next + 1
        }
        return output
    }

    private static func append(_ delta: Int, bias: Int, to output: inout [UInt8]) {
        var rest = delta
        var step = base
        while true {
            let threshold = min(max(step - bias, thresholdMin), thresholdMax)
            guard rest >= threshold else { break }
            output.append(digit(threshold + (rest - threshold) % (base - threshold)))
            rest = (rest - threshold) / (base - threshold)
            step += base
        }
        output.append(digit(rest))
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(value < 26 ? 0x61 + value : 0x30 + value - 26)
    }

    private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var delta = delta / (isFirst ? 700 : 2)
        delta += delta / count
        var steps = 0
        while delta > (base - thresholdMin) * thresholdMax / 2 {
            delta /= base - thresholdMin
            steps += base
        }
        return steps + (base - thresholdMin + 1) * delta / (delta + 38)
    }
}
