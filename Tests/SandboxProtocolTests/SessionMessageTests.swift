import SandboxProtocol
import TestSupport
import Testing

@Suite(.bounded) struct SessionMessageTests {
    @Test(arguments: [
        FileRequest.list, .read(path: [0xFF, 0x2F], from: .init(offset: 7, file: .max)),
        .write(path: [1, 2], content: [3]), .write(path: [], content: []), .delete(path: [0xFF, 1]),
        .reopen,
    ])
    func `file requests survive the wire`(request: FileRequest) throws {
        #expect(try FileRequest(request.frame) == request)
    }

    @Test(arguments: [
        SessionEvent.opened(key: Array(0..<16)), .listening(token: Array(0..<16)), .file(.content([1], next: nil)),
        .file(.content([], next: .init(offset: 1, file: 2))), .file(.ended(errno: -1)),
        .file(.entry(path: [0xFF], bytes: .max)),
    ])
    func `events of every session survive the wire`(event: SessionEvent) throws {
        #expect(try SessionEvent(event.frame) == event)
    }

    @Test(arguments: [DataRequest.lend(session: Array(0..<16)), .join(session: Array(1...16), owner: .max)])
    func `requests about data survive the wire, and nothing else is one`(request: DataRequest) {
        #expect(DataRequest(encoded: request.encoded) == request)
        #expect(DataRequest(encoded: request.encoded + [0]) == nil)
        #expect(DataRequest(encoded: Array(request.encoded.dropLast())) == nil)
        #expect(DataRequest(encoded: [3] + request.encoded.dropFirst()) == nil)
        let answer = DataAnswer(errno: -1, owner: 1000)
        #expect(DataAnswer(encoded: answer.encoded) == answer && DataAnswer(encoded: [0]) == nil)
    }

    @Test(arguments: [0, 1, 2, 8, 99] as [UInt8])
    func `a request of another kind is the tool's`(kind: UInt8) throws {
        #expect(try FileRequest(Frame(kind: kind, payload: [1])) == nil)
    }

    @Test(arguments: [0, 1, 5, 11, 99] as [UInt8])
    func `an event of another kind is the tool's`(kind: UInt8) throws {
        #expect(try SessionEvent(Frame(kind: kind, payload: [1])) == nil)
    }

    @Test(arguments: [
        Frame(kind: 4, payload: Array(repeating: 0, count: 15)), Frame(kind: 5, payload: [1, 0, 0]),
        Frame(kind: 5, payload: [5, 0, 0, 0, 1]), Frame(kind: 7, payload: [0]),
    ])
    func `a file request that is cut short is refused`(frame: Frame) {
        #expect(throws: FrameError.malformed(kind: frame.kind)) { try FileRequest(frame) }
    }

    @Test(arguments: [
        Frame(kind: 6, payload: [1]), Frame(kind: 7, payload: Array(repeating: 0, count: 15)),
        Frame(kind: 8, payload: [0, 0, 0]), Frame(kind: 9, payload: [1]), Frame(kind: 10, payload: [1]),
    ])
    func `an event whose payload does not fit is refused`(frame: Frame) {
        #expect(throws: FrameError.malformed(kind: frame.kind)) { try SessionEvent(frame) }
    }
}
