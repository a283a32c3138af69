internal import CZlib
internal import Glibc
public import LinuxSystem

/// One compressed stream on its way back to what it was, by zlib.
@safe public struct Inflation: ~Copyable {
    /// What stands around the compressed data.
    public enum Wrapping: CInt, Sendable {
        /// Nothing.
        case none = -15
        /// Two bytes before and a checksum after (RFC 1950).
        case zlib = 15
        /// One member of a gzip file (RFC 1952).
        case gzip = 31
    }

    /// How much one step gives at most, in bytes: what is small can become large, and the caller may have had enough.
    public static let stepBytesMax = 1 << 16

    /// How far a stream has come.
    public enum State: Equatable, Sendable {
        /// There may be more.
        case unfinished
        /// Its end was read; what follows in the input is not its own.
        case ended
        /// It cannot be read on.
        case damaged
    }

    /// How far it has come.
    public private(set) var state = State.unfinished

    /// zlib keeps the address, so the state stays in one place.
    private let stream: UnsafeMutablePointer<z_stream>

    /// A stream of which nothing was read yet.
    ///
    /// - Throws: `SystemError`, `ENOMEM` where there is no room for its state, some 40 KiB.
    public init(_ wrapping: Wrapping) throws(SystemError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe czlib_inflate_init(stream, wrapping.rawValue) == Z_OK else {
            unsafe stream.deallocate()
            throw SystemError("inflateInit2", code: ENOMEM)
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// What the input from `offset` on becomes, at most ``stepBytesMax``; moves `offset` past what was used.
    ///
    /// Less than that says that the input is used up, or that ``state`` is another now.
    public mutating func step(_ input: [UInt8], from offset: inout Int) -> [UInt8] {
        precondition((0...input.count).contains(offset), "no offset in \(input.count) bytes: \(offset)")
        guard state == .unfinished else { return [] }
        var result = Z_OK
        var left = input.count - offset
        let output = unsafe [UInt8](unsafeUninitializedCapacity: Inflation.stepBytesMax) { room, count in
            unsafe input.withUnsafeBufferPointer { bytes in
                // zlib takes a pointer to what may change, and changes nothing.
                unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress)
                    .map { unsafe $0 + offset }
                unsafe stream.pointee.avail_in = UInt32(left)
                unsafe stream.pointee.next_out = room.baseAddress
                unsafe stream.pointee.avail_out = UInt32(room.count)
                result = unsafe inflate(stream, Z_NO_FLUSH)
                left = Int(unsafe stream.pointee.avail_in)
                count = room.count - Int(unsafe stream.pointee.avail_out)
            }
        }
        offset = input.count - left
        switch result {
        case Z_STREAM_END: state = .ended
        // Not getting further for want of input or room is no damage.
        case Z_OK, Z_BUF_ERROR: break
        default: state = .damaged
        }
        return output
    }
}

@available(*, unavailable)
extension Inflation: Sendable {}
