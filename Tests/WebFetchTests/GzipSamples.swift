/// What servers send compressed, made by hand.
enum GzipSamples {
    static let hello = stored(Array("hello hello hello\n".utf8))

    /// Zeros, eight hundred times smaller than they become.
    static func zeros(megabytes: Int) -> [UInt8] {
        header + Array(repeating: zeroBlock, count: 16 * megabytes).flatMap(\.self)
    }

    /// At most 65535 bytes as they are, in a wrapping of gzip.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt16(bytes.count)
        let block = [1] + little(UInt32(count), 2) + little(UInt32(~count), 2) + bytes
        return header + block + little(checksum(bytes), 4) + little(UInt32(count), 4)
    }

    /// Zeros and noise by turns, sixty times smaller than they become.
    static func mixed(rounds: Int) -> (compressed: [UInt8], count: Int) {
        let noise = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 3) | 1 }
        let round = [0] + little(1000, 2) + little(~1000, 2) + noise + zeroBlock
        let plain = Array(repeating: noise + Array(repeating: 0, count: 1 << 16), count: rounds).flatMap(\.self)
        let blocks = Array(repeating: round, count: rounds).flatMap(\.self) + [1, 0, 0, 0xff, 0xff]
        return (header + blocks + little(checksum(plain), 4) + little(UInt32(plain.count), 4), plain.count)
    }

    private static let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]

    /// 64 KiB of zeros, deflated up to a byte's border.
    private static let zeroBlock: [UInt8] = [
        0xec, 0xc1, 0x01, 0x01, 0x00, 0x00, 0x00, 0x80, 0x90, 0xfe, 0xaf, 0xee, 0x08, 0x0a, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x6a, 0x00, 0x00,
        0x00, 0xff, 0xff,
    ]

    private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xedb8_8320 : 0) }
        }
    }
}
