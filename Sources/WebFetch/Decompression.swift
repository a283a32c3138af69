internal import SystemCodecs

/// A compressed body as it comes, piece by piece, read as browsers read it.
///
/// What servers call `deflate` may lack the wrapping that belongs to it, a gzip file may have several members, and what
/// follows the last one is no part of the page.
struct Decompression: ~Copyable {
    enum Coding: Equatable, Sendable {
        case gzip
        case deflate
    }

    private let coding: Coding
    private var inflation: Inflation?
    /// What came and cannot be read without what follows: the first byte of a wrapping.
    private var pending: [UInt8] = []
    /// Whether a member was read to its end.
    private var hasMember = false
    private var isOver = false

    init(_ coding: Coding) {
        self.coding = coding
    }

    /// Whether nothing is missing so far.
    var isWhole: Bool { inflation == nil }

    /// Gives `take` what `bytes` become, a bounded piece at a time; throws, after that, where they are damaged.
    mutating func read(_ bytes: [UInt8], _ take: ([UInt8]) throws(FetchError) -> Void) throws(FetchError) {
        let input = pending + bytes
        pending = []
        var offset = 0
        var isFull = false
        while !isOver, offset < input.count || isFull {
            if inflation == nil, try !begin(input[offset...]) { return }
            let piece = inflation?.step(input, from: &offset) ?? []
            isFull = piece.count == Inflation.stepBytesMax
            try take(piece)
            switch inflation?.state {
            case .damaged: throw Decompression.damaged
            case .ended:
                inflation = nil
                (hasMember, isFull) = (true, false)
            case .unfinished, nil: break
            }
        }
    }

    /// Finds out how the next member is wrapped; false where none follows, or too little of it to tell.
    private mutating func begin(_ rest: ArraySlice<UInt8>) throws(FetchError) -> Bool {
        guard rest.count >= 2 else {
            pending = Array(rest)
            return false
        }
        let (first, second) = (rest[rest.startIndex], rest[rest.startIndex + 1])
        let isGzip = first == 0x1f && second == 0x8b
        if hasMember, coding == .deflate || !isGzip {
            isOver = true
            return false
        }
        let isZlib = first & 0x8f == 8 && (Int(first) << 8 | Int(second)) % 31 == 0
        guard isGzip || coding == .deflate else { throw Decompression.damaged }
        do {
            inflation = try Inflation(isGzip ? .gzip : isZlib ? .zlib : .none)
        } catch {
            throw Decompression.damaged
        }
        return true
    }

    static let damaged = FetchError(.decompression, "the page is compressed and damaged")
}
