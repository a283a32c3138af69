/// One message on a byte stream: a kind and a payload, with the payload's length in front.
///
/// On the wire: the payload's length as a little-endian `UInt32`, the kind as one byte, the payload.
public struct Frame: Equatable, Sendable {
    /// The longest payload that is sent or accepted, in bytes: a request body and some room.
    public static let payloadBytesMax = 9 << 20
    /// What stands in front of every payload, in bytes.
    public static let headerBytes = 5

    /// What the payload is; its meaning depends on who speaks.
    public let kind: UInt8
    /// At most ``payloadBytesMax`` bytes.
    public let payload: [UInt8]

    /// A frame of at most ``payloadBytesMax`` bytes; more is a programmer's mistake.
    public init(kind: UInt8, payload: [UInt8]) {
        precondition(payload.count <= Frame.payloadBytesMax, "a payload of \(payload.count) bytes")
        self.kind = kind
        self.payload = payload
    }

    /// The bytes that go over the wire.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Frame.headerBytes + payload.count)
        bytes.appendLittleEndian(UInt32(payload.count))
        bytes.append(kind)
        bytes.append(contentsOf: payload)
        return bytes
    }
}

/// Bytes from the other side that are not a message of this protocol.
public enum FrameError: Error, Equatable, Sendable {
    /// A payload is announced as longer than ``Frame/payloadBytesMax``.
    case tooLong(Int)
    /// The other side never sends this kind.
    case unknownKind(UInt8)
    /// The payload does not have the shape that its kind promises.
    case malformed(kind: UInt8)
}
