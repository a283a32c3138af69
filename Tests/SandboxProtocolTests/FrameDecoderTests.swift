import SandboxProtocol
import TestSupport
import Testing

@Suite(.bounded) struct FrameDecoderTests {
    private static let frames = [
        Frame(kind: 1, payload: []), Frame(kind: 2, payload: [7]), Frame(kind: 255, payload: Array(0...255)),
        Frame(kind: 3, payload: Array(repeating: 9, count: 70_000)),
    ]

    @Test(arguments: [1, 2, 3, 5, 64, 4096, 1 << 20])
    func `frames come out as they went in, whatever the pieces`(pieceBytes: Int) throws {
        let stream = Self.frames.flatMap(\.encoded)
        var decoder = FrameDecoder()
        var decoded: [Frame] = []
        for start in stride(from: 0, to: stream.count, by: pieceBytes) {
            decoder.append(stream[start..<min(start + pieceBytes, stream.count)])
            while let frame = try decoder.next() { decoded.append(frame) }
        }
        #expect(decoded == Self.frames)
    }

    @Test func `an unfinished frame is not handed out`() throws {
        var decoder = FrameDecoder()
        decoder.append(Frame(kind: 1, payload: [1, 2, 3]).encoded.dropLast())
        #expect(try decoder.next() == nil)
        decoder.append([3])
        #expect(try decoder.next() == Frame(kind: 1, payload: [1, 2, 3]))
    }

    @Test func `a length over the limit is refused before its payload comes`() throws {
        var decoder = FrameDecoder()
        decoder.append([0xFF, 0xFF, 0xFF, 0xFF, 1])
        #expect(throws: FrameError.tooLong(0xFFFF_FFFF)) { try decoder.next() }
    }

    @Test func `the longest payload passes and one byte more does not`() throws {
        var decoder = FrameDecoder()
        decoder.append(Frame(kind: 1, payload: Array(repeating: 0, count: Frame.payloadBytesMax)).encoded)
        #expect(try decoder.next()?.payload.count == Frame.payloadBytesMax)
        var length: [UInt8] = []
        for shift in [0, 8, 16, 24] { length.append(UInt8((Frame.payloadBytesMax + 1) >> shift & 0xFF)) }
        decoder.append(length + [1])
        #expect(throws: FrameError.tooLong(Frame.payloadBytesMax + 1)) { try decoder.next() }
    }
}
