import SandboxProtocol
import TestSupport
import Testing

@Suite(.bounded) struct SessionMessageTests {
    @Test(arguments: [
        FileRequest.list, .read(path: [0xFF, 0x2F], from: .init(offset: 7, file: .max)),
        .write(path: [1, 2], content: [3]), .write(path: [], content: []), .delete(path: [0xFF, 1]),
    ])
    func `file requests survive the wire`(request: FileRequest) throws {
        #expect(try FileRequest(request.frame) == request)
    }

    @Test(arguments: [
        SessionEvent.opened, .listening(token: Array(0..<16)), .file(.content([1], next: nil)),
        .file(.content([], next: .init(offset: 1, file: 2))), .file(.ended(errno: -1)),
        .file(.entry(path: [0xFF], bytes: .max)),
    ])
    func `events of every session survive the wire`(event: SessionEvent) throws {
        #expect(try SessionEvent(event.frame) == event)
    }

    @Test(arguments: [0, 1, 2, 7, 99] as [UInt8])
    func `a request of another kind is the tool's`(kind: UInt8) throws {
        #expect(try FileRequest(Frame(kind: kind, payload: [1])) == nil)
    }

    @Test(arguments: [0, 1, 5, 11, 99] as [UInt8])
    func `an event of another kind is the tool's`(kind: UInt8) throws {
        #expect(try SessionEvent(Frame(kind: kind, payload: [1])) == nil)
    }

    @Test(arguments: [
        Frame(kind: 4, payload: Array(repeating: 0, count: 15)), Frame(kind: 5, payload: [1, 0, 0]),
        Frame(kind: 5, payload: [5, 0, 0, 0, 1]),
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
