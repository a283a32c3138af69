/// References to characters by number, `&#8217;` and `&#x2019;`.
enum NumericReference {
    /// The scalar that the reference at `start`, its `&`, stands for, and how many bytes it takes; nil if it has no digits.
    static func match(in bytes: [UInt8], at start: Int) -> (scalar: UInt32, length: Int)? {
        let isHexadecimal = start + 2 < bytes.count && bytes[start + 2] | 0x20 == UInt8(ascii: "x")
        var index = start + (isHexadecimal ? 3 : 2)
        let first = index
        var value: UInt32 = 0
        while index < bytes.count, let digit = digit(bytes[index], isHexadecimal: isHexadecimal) {
            value = min(value * (isHexadecimal ? 16 : 10) + digit, 0x110000)
            index += 1
        }
        guard index > first else { return nil }
        if index < bytes.count, bytes[index] == UInt8(ascii: ";") { index += 1 }
        return (scalar(ofNumber: value), index - start)
    }

    private static func digit(_ byte: UInt8, isHexadecimal: Bool) -> UInt32? {
        if byte &- UInt8(ascii: "0") < 10 { return UInt32(byte - UInt8(ascii: "0")) }
        guard isHexadecimal, (byte | 0x20) &- UInt8(ascii: "a") < 6 else { return nil }
        return UInt32((byte | 0x20) - UInt8(ascii: "a")) + 10
    }

    /// Numbers that were meant in windows-1252 are read so, as HTML wants.
    private static func scalar(ofNumber number: UInt32) -> UInt32 {
        if number == 0 { return 0xFFFD }
        return number >= 0x80 && number < 0xA0 ? windows1252[Int(number - 0x80)] : number
    }

    private static let windows1252: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D,
        0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D,
        0x17E, 0x178,
    ]
}
