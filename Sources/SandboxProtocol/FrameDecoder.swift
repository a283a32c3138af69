/// Cuts a stream of bytes into frames, whatever pieces it comes in.
///
/// It holds at most one unfinished frame and what was appended after it. After an error the stream has no more frames.
public struct FrameDecoder: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    /// A decoder at the beginning of a stream.
    public init() {}

    /// Adds what was read.
    public mutating func append(_ bytes: some Collection<UInt8>) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 20)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame, nil while it has not arrived.
    ///
    /// - Throws: ``FrameError/tooLong(_:)``.
    public mutating func next() throws(FrameError) -> Frame? {
        guard buffer.count - start >= Frame.headerBytes else {
            compact()
            return nil
        }
        let count = Int(buffer.littleEndian(UInt32.self, at: start))
        guard count <= Frame.payloadBytesMax else { throw .tooLong(count) }
        let payloadStart = start + Frame.headerBytes
        guard buffer.count - payloadStart >= count else {
            compact()
            return nil
        }
        let frame = Frame(kind: buffer[start + 4], payload: Array(buffer[payloadStart..<payloadStart + count]))
        start = payloadStart + count
        return frame
    }

    /// Frees what was handed out, once it is worth the copy.
    private mutating func compact() {
        guard start > 1 << 16 else { return }
        buffer.removeSubrange(..<start)
        start = 0
    }
}
