import ContainerProtocol
import SandboxProtocol
import TestSupport
import Testing

@Suite(.bounded) struct ContainerMessageTests {
    private static func words(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    private static let commands = [
        Command(words("true")),
        Command(
            words("bash", "-lc", "echo hi; exit 3") + [[0xFF, 0x20]],
            environment: words("A=", "B=c=d"),
            workingDirectory: Array("/mnt/data".utf8),
            user: Array("1000:1000".utf8),
            terminal: TerminalSize(rows: 24, columns: .max),
            timeLimitMilliseconds: .max
        ),
        Command([[UInt8](repeating: 65, count: Command.wordsBytesMax - 1)]),
        Command(words("printf", "", "")),
    ]

    @Test func `requests survive the wire`() throws {
        let size = try #require(TerminalSize(rows: 1, columns: 80))
        var requests = try Self.commands.map { ContainerRequest.start(.max, try #require($0)) }
        requests += [
            .input(1, []), .input(2, [0, 0xFF]), .endInput(3), .resize(4, size), .signal(5, 2), .stop(0),
            .freeze, .endProcesses, .save(9, to: .daemon), .save(10, to: .session),
            .restore(11, from: .session), .restore(12, from: .daemon),
        ]
        for request in requests { #expect(try ContainerRequest(request.frame) == request) }
    }

    private static let ends: [CommandOutcome.End] = [
        .exited(0), .exited(255), .signaled(9), .outOfMemory, .notStarted(.workingDirectory(2)),
        .notStarted(.program(13)), .notStarted(.unknownUser), .notStarted(.tooManyCommands),
        .notStarted(.resources(11)),
    ]

    @Test(arguments: ends, [nil, .timeLimit, .outputLimit, .request] as [StopReason?])
    func `outcomes survive the wire`(end: CommandOutcome.End, stop: StopReason?) throws {
        let event = ContainerEvent.ended(7, CommandOutcome(end: end, stop: stop, microseconds: .max))
        #expect(try ContainerEvent(event.frame) == event)
    }

    @Test func `what is said beside output and ends survives the wire`() throws {
        for event in [ContainerEvent.inputTaken(7, bytes: 9), .processesEnded(0), .processesEnded(.max)] {
            #expect(try ContainerEvent(event.frame) == event)
            let longer = Frame(kind: event.frame.kind, payload: event.frame.payload + [0])
            #expect(throws: FrameError.malformed(kind: longer.kind)) { try ContainerEvent(longer) }
        }
    }

    @Test func `the path of kept output survives the wire`() throws {
        let outcome = CommandOutcome(end: .exited(0), stop: nil, microseconds: 1, keptOutput: Array("/tmp/a".utf8))
        #expect(try ContainerEvent(ContainerEvent.ended(1, outcome).frame) == .ended(1, outcome))
    }

    @Test func `output survives the wire, whatever its bytes`() throws {
        for bytes in [[], [0, 0xFF], [UInt8](repeating: 10, count: 1 << 16)] {
            let event = ContainerEvent.output(3, bytes)
            #expect(try ContainerEvent(event.frame) == event)
        }
    }

    @Test func `what execve cannot take is no command`() {
        #expect(Command([]) == nil)
        #expect(Command([[]]) == nil)
        #expect(Command([[65, 0]]) == nil)
        #expect(Command([[65]], environment: Self.words("NOVALUE")) == nil)
        #expect(Command([[65]], environment: Self.words("=value")) == nil)
        #expect(Command([[65]], workingDirectory: [0]) == nil)
        #expect(Command([[65]], user: [UInt8](repeating: 65, count: Command.pathBytesMax + 1)) == nil)
        #expect(Command([[UInt8](repeating: 65, count: Command.wordsBytesMax)]) == nil)
        #expect(Command([[UInt8]](repeating: [65], count: Command.wordsBytesMax / 2 + 1)) == nil)
        #expect(TerminalSize(rows: 0, columns: 80) == nil && TerminalSize(rows: 24, columns: 0) == nil)
    }

    @Test func `a request that is cut short at any byte, or has one more, is refused`() throws {
        let command = try #require(Self.commands[0])
        let size = try #require(TerminalSize(rows: 24, columns: 80))
        for request in [ContainerRequest.start(1, command), .endInput(1), .resize(1, size), .signal(1, 2), .stop(1)] {
            let frame = request.frame
            for payload in (0..<frame.payload.count).map({ Array(frame.payload.prefix($0)) }) + [frame.payload + [0]] {
                #expect(throws: FrameError.malformed(kind: frame.kind)) {
                    try ContainerRequest(Frame(kind: frame.kind, payload: payload))
                }
            }
        }
    }

    @Test func `the kinds of other tools and of every session are not a container's`() {
        for kind in UInt8(0)..<16 {
            let frame = Frame(kind: kind, payload: [1, 0, 0, 0])
            #expect(throws: FrameError.unknownKind(kind)) { try ContainerRequest(frame) }
            #expect(throws: FrameError.unknownKind(kind)) { try ContainerEvent(frame) }
        }
    }

    @Test func `mutated messages are refused, or say the same when they are said again`() throws {
        var generator = SplitMix(seed: 12)
        var readCount = 0
        let commands = try Self.commands.filter { ($0?.arguments.first?.count ?? 0) < 100 }.map { try #require($0) }
        let outcome = CommandOutcome(end: .exited(3), stop: .timeLimit, microseconds: 12)
        let samples = commands.map { ContainerRequest.start(1, $0).frame } + [ContainerEvent.ended(1, outcome).frame]
        for _ in 0..<20_000 {
            let sample = samples[Int.random(in: 0..<samples.count, using: &generator)]
            var payload = sample.payload
            for _ in 0..<Int.random(in: 0...3, using: &generator) where !payload.isEmpty {
                let place = Int.random(in: 0..<payload.count, using: &generator)
                if Bool.random(using: &generator) {
                    payload[place] = UInt8.random(in: 0...255, using: &generator)
                } else {
                    payload.removeLast(payload.count - place)
                }
            }
            let kind = Bool.random(using: &generator) ? sample.kind : UInt8.random(in: 15...22, using: &generator)
            let frame = Frame(kind: kind, payload: payload)
            if let request = try? ContainerRequest(frame) {
                readCount += 1
                #expect(try ContainerRequest(request.frame) == request)
            }
            if let event = try? ContainerEvent(frame) {
                readCount += 1
                #expect(try ContainerEvent(event.frame) == event)
            }
        }
        #expect((4_000..<40_000).contains(readCount))
    }
}
