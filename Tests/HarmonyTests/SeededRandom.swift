/// Random numbers that are the same in every run (xorshift64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    /// A seed that is not 0.
    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
