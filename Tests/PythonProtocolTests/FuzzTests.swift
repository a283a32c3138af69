import Foundation
import PythonProtocol
import SandboxProtocol
import TestSupport
import Testing

/// What comes from the other side is read without a trap, in bounded memory, and says the same when it is said again.
@Suite(.fuzzing) struct FuzzTests {
    /// Environment `HARMONIUM_FUZZ_INPUTS` sets another number; the seed is the same in every run.
    private static let inputCount =
        ProcessInfo.processInfo.environment["HARMONIUM_FUZZ_INPUTS"].flatMap { Int($0) } ?? 100_000

    @Test func `mutated streams are read or refused`() throws {
        var mutator = Mutator(seed: 0x9E37_79B9_7F4A_7C15)
        var seen = Tally()
        for _ in 0..<Self.inputCount { try Self.read(mutator.nextStream(), &seen, cutBy: &mutator) }
        // A fuzzer that only makes rubbish proves nothing, and one that only makes sense as little.
        let fifth = Self.inputCount / 5
        #expect(
            seen.frames > fifth && seen.messages > fifth && seen.refusedMessages > fifth
                && seen.refusedStreams > fifth / 8
        )
    }

    @Test func `a decoder holds one frame and a piece at most`() throws {
        let pieceBytes = 1 << 16
        var decoder = FrameDecoder()
        let frame = Frame(kind: 1, payload: [UInt8](repeating: 7, count: Frame.payloadBytesMax)).encoded
        let small = Frame(kind: 2, payload: [1, 2, 3]).encoded
        let stream = frame + Array(repeatElement(small, count: 50_000).joined()) + frame
        var decodedCount = 0
        for start in stride(from: 0, to: stream.count, by: pieceBytes) {
            decoder.append(stream[start..<min(start + pieceBytes, stream.count)])
            while try decoder.next() != nil { decodedCount += 1 }
            #expect(decoder.heldBytes <= Frame.headerBytes + Frame.payloadBytesMax + 2 * pieceBytes)
        }
        #expect(decodedCount == 50_002)
    }

    /// Feeds a stream in pieces, as a socket does, and reads each frame as everything that a frame can be.
    private static func read(_ stream: [UInt8], _ seen: inout Tally, cutBy mutator: inout Mutator) throws {
        var decoder = FrameDecoder()
        var consumedBytes = 0
        var start = 0
        while start < stream.count {
            let end = min(stream.count, start + 1 + mutator.below(stream.count))
            decoder.append(stream[start..<end])
            start = end
            do throws(FrameError) {
                while let frame = try decoder.next() {
                    let encoded = frame.encoded
                    guard stream[consumedBytes...].starts(with: encoded) else {
                        Issue.record("a frame that was not sent: \(encoded.prefix(64))")
                        return
                    }
                    consumedBytes += encoded.count
                    seen.frames += 1
                    readMessages(frame, &seen)
                }
            } catch {
                seen.refusedStreams += 1
                if case .tooLong = error { return }
                Issue.record("\(error)")
                return
            }
        }
    }

    private static func readMessages(_ frame: Frame, _ seen: inout Tally) {
        read(frame, as: { frame throws(FrameError) in try known(FileRequest(frame), frame) }, writtenBy: \.frame, &seen)
        read(
            frame,
            as: { frame throws(FrameError) in try known(SessionEvent(frame), frame) },
            writtenBy: \.frame,
            &seen
        )
        read(frame, as: PythonRequest.init, writtenBy: \.frame, &seen)
        read(frame, as: PythonEvent.init, writtenBy: \.frame, &seen)
        read(frame, as: InterpreterRequest.init, writtenBy: \.frame, &seen)
        // A reason is cut to its length, which repairing what is no text has made longer.
        if frame.kind != 4 { read(frame, as: InterpreterReport.init, writtenBy: \.frame, &seen) }
        if frame.kind == 4 { _ = try? InterpreterReport(frame) }
    }

    /// A message that is every session's, if the frame is one.
    private static func known<Message>(_ message: Message?, _ frame: Frame) throws(FrameError) -> Message {
        guard let message else { throw .unknownKind(frame.kind) }
        return message
    }

    /// Reads a message; what can be read is the same when it is written and read again.
    private static func read<Message: Equatable>(
        _ frame: Frame,
        as reader: (Frame) throws(FrameError) -> Message,
        writtenBy writer: (Message) -> Frame,
        _ seen: inout Tally
    ) {
        do throws(FrameError) {
            let message = try reader(frame)
            seen.messages += 1
            let again = writer(message)
            if try reader(again) != message || again.payload.count > frame.payload.count + 16 {
                Issue.record("\(Message.self) changed on its way: \(frame.kind) \(frame.payload.prefix(64))")
            }
        } catch {
            seen.refusedMessages += 1
        }
    }
}

/// What became of the inputs.
private struct Tally {
    var frames = 0
    var messages = 0
    var refusedMessages = 0
    var refusedStreams = 0
}

extension FrameDecoder {
    /// What it has in memory, in bytes.
    fileprivate var heldBytes: Int {
        (Mirror(reflecting: self).descendant("buffer") as? [UInt8])?.count ?? .max
    }
}

/// Makes streams of frames, mostly valid ones with something done to them (xorshift64: the same in every run).
private struct Mutator: RandomNumberGenerator {
    private var state: UInt64
    private let samples: [[UInt8]]

    private static let lengths: [UInt32] = [
        0, 1, 4, 16, 17, 255, 256, 65_535, 65_536, UInt32(Frame.payloadBytesMax), UInt32(Frame.payloadBytesMax) + 1,
        .max / 2, .max - 4, .max,
    ]

    init(seed: UInt64) {
        state = seed
        let nonce = Array(UInt8(0)..<16)
        let requests: [PythonRequest] = [
            .interrupt, .run(.init(timeLimitMilliseconds: 1000, source: Array("print(1)".utf8))),
        ]
        let files: [FileRequest] = [
            .list, .read(path: Array("a/b".utf8)), .write(path: Array("a".utf8), content: [1, 2, 3]),
            .delete(path: Array("a/b".utf8)),
        ]
        let sessionEvents: [SessionEvent] = [
            .opened(key: nonce), .listening(token: nonce), .file(.entry(path: [97], bytes: 5)),
            .file(.content([1], next: nil)),
            .file(.ended(errno: 2)),
        ]
        let events: [PythonEvent] = [
            .output(Array("text".utf8)), .backgroundOutput([1], dropped: 7), .restarted(.signaled(9)),
            .finished(Outcome(end: .died(.exited(3)), stop: .timeLimit, microseconds: 12)),
        ]
        let reports: [InterpreterReport] = [
            .started(pid: 2), .ready, .failed("why"), .done(nonce: nonce, raised: true),
        ]
        let rich = RichOutput(mimeType: "image/png", content: [1, 2, 3]).map { [PythonEvent.rich($0).frame] } ?? []
        let messages = requests.map(\.frame) + events.map(\.frame) + reports.map(\.frame) + rich
        let frames = messages + files.map(\.frame) + sessionEvents.map(\.frame)
        samples = (frames + [InterpreterRequest(nonce: nonce, source: [65]).frame]).map(\.encoded)
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// A number from 0 up, less than `bound`; 0 for a bound of 0.
    mutating func below(_ bound: Int) -> Int {
        bound < 1 ? 0 : Int((next() as UInt64) % UInt64(bound))
    }

    /// The next stream.
    mutating func nextStream() -> [UInt8] {
        var stream = sample()
        for _ in 0..<below(4) { stream += sample() }
        for _ in 0..<below(4) { mutate(&stream) }
        return stream
    }

    private mutating func sample() -> [UInt8] { samples[below(samples.count)] }

    private mutating func mutate(_ stream: inout [UInt8]) {
        guard !stream.isEmpty else { return stream = sample() }
        let place = below(stream.count)
        switch below(7) {
        case 0: stream[place] ^= 1 << UInt8(below(8))
        case 1: stream[place] = UInt8(below(256))
        case 2: stream.removeLast(stream.count - place)
        case 3: stream.insert(contentsOf: stream[place..<min(stream.count, place + 1 + below(16))], at: place)
        case 4: stream.replaceSubrange(place..<min(stream.count, place + below(16)), with: sample().dropFirst(below(6)))
        case 5: lie(&stream)
        default: stream.insert(contentsOf: (0..<below(24)).map { _ in UInt8(below(256)) }, at: place)
        }
    }

    /// Announces another length than the payload has, and sometimes another kind.
    private mutating func lie(_ stream: inout [UInt8]) {
        guard stream.count >= Frame.headerBytes else { return }
        let length = Mutator.lengths[below(Mutator.lengths.count)]
        for index in 0..<4 { stream[index] = UInt8(truncatingIfNeeded: length >> UInt32(index * 8)) }
        if below(2) == 0 { stream[4] = UInt8(below(12)) }
    }
}
