internal import NetworkAccess

/// Follows a body to its end without changing it, so that nothing after it is taken for a part of it.
struct BodyScanner {
    /// What a chunk's size or trailer has that is no chunk.
    struct Malformed: Error {}

    private enum State: Equatable {
        case size(digits: Int, value: Int)
        case extensions
        case sizeEnd
        case data
        case dataReturn
        case dataEnd
        case trailerStart
        case trailer
        case trailerEnd
        case lastEnd
        case rest
        case done
    }

    /// What may stand between two chunks, and in all trailers together.
    static let linesBytesMax = 8 << 10

    private let isChunked: Bool
    private var state: State
    /// What is left of the body, or of the chunk.
    private var left = 0
    private var lineBytes = 0

    init(_ framing: BodyFraming) {
        switch framing {
        case .none: state = .done
        case .length(let length):
            state = length == 0 ? .done : .data
            left = length
        case .chunked: state = .size(digits: 0, value: 0)
        case .untilClose: state = .rest
        }
        isChunked = framing == .chunked
    }

    /// Whether the body has been seen whole.
    var isDone: Bool { state == .done }

    /// Whether the end of the stream ends the body as it should.
    var mayEnd: Bool { state == .done || state == .rest }

    /// How many of the next bytes belong to the body.
    mutating func scan(_ bytes: some RandomAccessCollection<UInt8>) throws(Malformed) -> Int {
        var rest = bytes[...]
        while let byte = rest.first, state != .done {
            switch state {
            case .rest: return bytes.count
            case .data: rest = rest.dropFirst(takeData(rest.count))
            default:
                try step(byte)
                rest = rest.dropFirst()
            }
        }
        return bytes.count - rest.count
    }

    private mutating func takeData(_ available: Int) -> Int {
        let taken = min(left, available)
        left -= taken
        if left == 0 { state = isChunked ? .dataReturn : .done }
        return taken
    }

    /// One byte of what is around the chunks.
    private mutating func step(_ byte: UInt8) throws(Malformed) {
        lineBytes += 1
        guard lineBytes <= BodyScanner.linesBytesMax else { throw Malformed() }
        switch state {
        case .size(let digits, let value): state = try afterSize(byte, digits: digits, value: value)
        case .extensions: state = try within(byte, return: .sizeEnd)
        case .sizeEnd:
            try expect(0x0a, byte)
            state = left > 0 ? .data : .trailerStart
            if left > 0 { lineBytes = 0 }
        case .dataReturn: state = try expect(0x0d, byte, then: .dataEnd)
        case .dataEnd: state = try expect(0x0a, byte, then: .size(digits: 0, value: 0))
        case .trailerStart: state = byte == 0x0d ? .lastEnd : try within(byte, return: .trailerEnd)
        case .trailer: state = try within(byte, return: .trailerEnd)
        case .trailerEnd: state = try expect(0x0a, byte, then: .trailerStart)
        case .lastEnd: state = try expect(0x0a, byte, then: .done)
        case .data, .rest, .done: preconditionFailure("a byte in \(state)")
        }
    }

    private mutating func afterSize(_ byte: UInt8, digits: Int, value: Int) throws(Malformed) -> State {
        if byte.isHexDigit {
            guard digits < 15, let digit = Character(UnicodeScalar(byte)).hexDigitValue else { throw Malformed() }
            return .size(digits: digits + 1, value: value << 4 | digit)
        }
        guard digits > 0 else { throw Malformed() }
        left = value
        switch byte {
        case 0x0d: return .sizeEnd
        case UInt8(ascii: ";"): return .extensions
        default: throw Malformed()
        }
    }

    /// A byte of a line that ends in CRLF.
    private func within(_ byte: UInt8, return end: State) throws(Malformed) -> State {
        if byte == 0x0d { return end }
        guard byte.isFieldByte else { throw Malformed() }
        return end == .sizeEnd ? .extensions : .trailer
    }

    @discardableResult
    private func expect(_ wanted: UInt8, _ byte: UInt8, then next: State = .done) throws(Malformed) -> State {
        guard byte == wanted else { throw Malformed() }
        return next
    }
}
