internal import NIOCore

typealias ByteChannel = NIOAsyncChannel<ByteBuffer, ByteBuffer>

/// One end's bytes in order: a head first, and then what follows it.
struct ByteReader {
    private enum Head {
        static let end = Array("\r\n\r\n".utf8)
    }

    /// A head that is longer than it may be.
    struct TooLong: Error {}

    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var pending: ByteBuffer?

    init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) {
        iterator = inbound.makeAsyncIterator()
    }

    /// What has come, or what comes next; nil at the end.
    mutating func next() async throws -> ByteBuffer? {
        if let pending = pending.take() { return pending }
        return try await iterator.next(isolation: #isolation)
    }

    /// Puts back what was read too far.
    mutating func putBack(_ buffer: ByteBuffer) {
        if buffer.readableBytes > 0 { pending = buffer }
    }

    /// A head with its empty line; nil if the stream ends first.
    mutating func head(bytesMax: Int) async throws -> [UInt8]? {
        var head: [UInt8] = []
        while var buffer = try await next() {
            let searched = max(0, head.count - Head.end.count + 1)
            let before = head.count
            head.append(contentsOf: buffer.readableBytesView)
            guard let end = ByteReader.end(of: head, from: searched) else {
                if head.count > bytesMax { throw TooLong() }
                continue
            }
            guard end <= bytesMax else { throw TooLong() }
            buffer.moveReaderIndex(forwardBy: end - before)
            putBack(buffer)
            return Array(head[..<end])
        }
        return nil
    }

    /// The index after the empty line.
    private static func end(of head: [UInt8], from start: Int) -> Int? {
        guard head.count >= start + Head.end.count else { return nil }
        for index in start...(head.count - Head.end.count)
        where head[index] == 0x0d && head[index..<(index + Head.end.count)].elementsEqual(Head.end) {
            return index + Head.end.count
        }
        return nil
    }
}
