import PythonProtocol
import SandboxProtocol
import TestSupport
import Testing

@Suite(.bounded) struct MessageTests {
    @Test(arguments: [
        PythonRequest.interrupt,
        .run(.init(timeLimitMilliseconds: 120_000, source: Array("1+1".utf8))),
        .run(.init(timeLimitMilliseconds: .max, source: [])),
    ])
    func `requests survive the wire`(request: PythonRequest) throws {
        #expect(try PythonRequest(request.frame) == request)
    }

    @Test(arguments: [
        PythonEvent.output([1, 2, 3]), .output([]), .backgroundOutput([4], dropped: .max), .restarted(.signaled(9)),
        .finished(Outcome(end: .completed, stop: nil, microseconds: 1)),
        .finished(Outcome(end: .raised, stop: .timeLimit, microseconds: .max)),
        .finished(Outcome(end: .died(.exited(3)), stop: .outputLimit, microseconds: 0)),
        .finished(Outcome(end: .died(.signaled(11)), stop: .request, microseconds: 0)),
        .finished(Outcome(end: .died(.brokeProtocol), stop: nil, microseconds: 0)),
        .finished(Outcome(end: .died(.outOfMemory), stop: nil, microseconds: 0)), .restarted(.backgroundLimit),
    ])
    func `events survive the wire`(event: PythonEvent) throws {
        #expect(try PythonEvent(event.frame) == event)
    }

    @Test func `what an interpreter reports survives the wire`() throws {
        let nonce = Array(UInt8(0)..<16)
        let rich = try #require(RichOutput(mimeType: "image/png", content: [1, 2]))
        for report in [
            InterpreterReport.started(pid: 2), .ready, .failed("no root"), .rich(rich),
            .done(nonce: nonce, raised: true),
            .done(nonce: nonce, raised: false),
        ] {
            #expect(try InterpreterReport(report.frame) == report)
        }
        let request = InterpreterRequest(nonce: nonce, source: [65])
        #expect(try InterpreterRequest(request.frame) == request)
    }

    @Test(arguments: [
        Frame(kind: 0, payload: []), Frame(kind: 99, payload: [1]), Frame(kind: 1, payload: [1, 2, 3]),
    ])
    func `a frame that is no request is refused`(frame: Frame) {
        #expect(throws: FrameError.self) { try PythonRequest(frame) }
    }

    @Test(arguments: [
        Frame(kind: 2, payload: Array(repeating: 0, count: 18)),
        Frame(kind: 2, payload: Array(repeating: 0, count: 16)),
        Frame(kind: 2, payload: Array(repeating: 2, count: 17)), Frame(kind: 1, payload: []),
        Frame(kind: 1, payload: [200, 65]), Frame(kind: 1, payload: [2, 0x20, 0x0A, 1]), Frame(kind: 77, payload: []),
    ])
    func `a frame that is no report is refused`(frame: Frame) {
        #expect(throws: FrameError.self) { try InterpreterReport(frame) }
    }

    @Test func `rich output is bounded in type and content`() {
        #expect(RichOutput(mimeType: "image/png", content: []) != nil)
        #expect(RichOutput(mimeType: String(repeating: "a", count: 65), content: []) == nil)
        #expect(RichOutput(mimeType: "image/png\r\nX: y", content: []) == nil)
        let tooLong = [UInt8](repeating: 0, count: RichOutput.contentBytesMax + 1)
        #expect(RichOutput(mimeType: "image/png", content: tooLong) == nil)
    }

    @Test func `random payloads never trap a reader`() {
        var generator = SplitMix(seed: 42)
        var readKinds: Set<UInt8> = []
        for _ in 0..<20_000 {
            let payload = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let frame = Frame(kind: UInt8.random(in: 0...11, using: &generator), payload: payload)
            _ = try? PythonRequest(frame)
            _ = try? PythonEvent(frame)
            _ = try? FileRequest(frame)
            if (try? SessionEvent(frame)) != nil { readKinds.insert(frame.kind) }
            _ = try? InterpreterReport(frame)
            _ = try? InterpreterRequest(frame)
        }
        // Those of a fixed length have been drawn too: the end of a file, and `listening`.
        #expect(readKinds.isSuperset(of: [6, 7, 8, 9]))
    }
}
