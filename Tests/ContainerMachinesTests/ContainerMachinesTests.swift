import ContainerMachines
import ContainerProtocol
import Glibc
import SandboxProtocol
import TestSupport
import Testing

@testable import ContainerTool

@Suite(.bounded) struct ContainerMachinesTests {
    @Test func `a command gets what it was given, and its output and end come back`() async throws {
        let log = RequestLog()
        try await FakeContainer.run { request in
            log.append(request)
            guard case .start(let number, _) = request else { return [] }
            return [.output(number, [1]), .output(number, [2, 3]), .ended(number, FakeContainer.exited(7))]
        } body: { machines in
            let seen = EventLog()
            let command = ExecCommand(
                arguments: ["a", "b"],
                directory: "/tmp",
                environment: ["B": "2", "A": "1"],
                user: "me",
                timeLimit: .milliseconds(1500),
                keptBeyondBytes: 9
            )
            let end = try await machines.run(command, seen)
            #expect(end == ExecEnd(.exited(7), duration: .microseconds(1500)))
            #expect(seen.events == [.output([1]), .output([2, 3])])
            let sent = Command(
                [Array("a".utf8), Array("b".utf8)],
                environment: [Array("A=1".utf8), Array("B=2".utf8)],
                workingDirectory: Array("/tmp".utf8),
                user: Array("me".utf8),
                timeLimitMilliseconds: 1500,
                keptBeyondBytes: 9
            )
            #expect(log.requests.first == .start(1, try #require(sent)))
            #expect(await machines.sessionCount == 1)
        }
    }

    @Test(
        arguments: [
            (.notStarted(.program(ENOENT)), 127, "x: command not found\n"),
            (.notStarted(.program(EACCES)), 126, "x: Permission denied\n"),
            (.notStarted(.workingDirectory(ENOENT)), 126, "the working directory: No such file or directory\n"),
            (.notStarted(.unknownUser), 126, "unable to find user of the image: no matching entries in passwd file\n"),
            (.notStarted(.resources(EAGAIN)), 126, "x: Resource temporarily unavailable\n"),
            (.signaled(9), 137, nil), (.outOfMemory, 137, nil),
        ] as [(CommandOutcome.End, Int, String?)]
    )
    func `how a command ended is said as a shell would`(end: CommandOutcome.End, code: Int, text: String?) async throws
    {
        try await FakeContainer.run { request in
            guard case .start(let number, _) = request else { return [] }
            return [.ended(number, CommandOutcome(end: end, stop: nil, microseconds: 1))]
        } body: { machines in
            let seen = EventLog()
            let ended = try await machines.run(ExecCommand("x"), seen)
            #expect(ended.exitCode == code)
            #expect(seen.events == (text.map { [.output(Array($0.utf8))] } ?? []))
        }
    }

    @Test func `commands that run at a time have their own output`() async throws {
        let log = RequestLog()
        try await FakeContainer.run { request in
            log.append(request)
            let starts = log.requests.compactMap { if case .start(let number, _) = $0 { number } else { nil } }
            guard case .start = request, starts.count == 2 else { return [] }
            // Interleaved, and the later one ends first.
            return [
                .output(starts[1], [2]), .output(starts[0], [1]), .ended(starts[1], FakeContainer.exited(2)),
                .output(starts[0], [1]), .ended(starts[0], FakeContainer.exited(1)),
            ]
        } body: { machines in
            let bytes = try await withThrowingTaskGroup(of: (Int, [MachineEvent]).self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        let seen = EventLog()
                        return (try await machines.run(ExecCommand("x"), seen).exitCode, seen.events)
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            #expect(bytes == [1: [.output([1]), .output([1])], 2: [.output([2])]])
        }
    }

    @Test func `a supervisor that dies fails what runs, and the next command says so once`() async throws {
        try await FakeContainer.run { request in
            guard case .start(let number, let command) = request else { return [] }
            return command.arguments == [Array("die".utf8)] ? nil : [.ended(number, FakeContainer.exited(0))]
        } body: { machines in
            let error = await #expect(throws: MachineError.self) { try await machines.run(ExecCommand("die")) }
            #expect(error?.code == .lost)
            for expected in [[MachineEvent.loss(.everything)], []] {
                let seen = EventLog()
                _ = try await machines.run(ExecCommand("x"), seen)
                #expect(seen.events == expected)
            }
        }
    }

    @Test func `a command whose call is cancelled is stopped, and its end awaited`() async throws {
        let (started, starting) = AsyncStream<Never>.makeStream()
        let log = RequestLog()
        try await FakeContainer.run { request in
            log.append(request)
            guard case .stop(let number) = request else {
                starting.finish()
                return []
            }
            return [.ended(number, CommandOutcome(end: .signaled(15), stop: .request, microseconds: 1))]
        } body: { machines in
            let run = Task { try await machines.run(ExecCommand("x")) }
            for await _ in started {}
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            #expect(log.requests.contains(.stop(1)))
            #expect(await machines.sessionCount == 1)
        }
    }

    @Test func `a session that is ended fails its commands, and one without a worker is unavailable`() async throws {
        let (started, starting) = AsyncStream<Never>.makeStream()
        try await FakeContainer.run { _ in
            starting.finish()
            return []
        } body: { machines in
            let run = Task { try await machines.run(ExecCommand("x")) }
            for await _ in started {}
            await machines.end(FakeContainer.session)
            let error = await #expect(throws: MachineError.self) { try await run.value }
            #expect(error?.code == .sessionEnded)
        }
        let error = await #expect(throws: MachineError.self) {
            try await ContainerMachines(snapshotDirectory: "/nonexistent") { _, _ in "/nonexistent/socket" }.run(
                ExecCommand("x")
            )
        }
        #expect(error?.code == .unavailable)
    }

    @Test func `what is too long for a command or more than may run is refused`() async throws {
        try await FakeContainer.run { request in
            guard case .start(let number, _) = request else { return [] }
            return [.ended(number, CommandOutcome(end: .notStarted(.tooManyCommands), stop: nil, microseconds: 0))]
        } body: { machines in
            let many = await #expect(throws: MachineError.self) { try await machines.run(ExecCommand("x")) }
            #expect(many?.code == .tooManyCommands)
            let long = String(repeating: "x", count: Command.wordsBytesMax)
            for words in [ExecCommand(long), ExecCommand("a\0b")] {
                let error = await #expect(throws: MachineError.self) { try await machines.run(words) }
                #expect(error?.code == .tooLong)
            }
        }
    }

    @Test func `of what a program gives for a file no more is kept than may be read`() async throws {
        try await FakeContainer.run { request in
            guard case .start(let number, _) = request else { return [] }
            let output = ContainerEvent.output(number, [UInt8](repeating: 120, count: 1000))
            return Array(repeating: output, count: 100) + [.ended(number, FakeContainer.exited(0))]
        } body: { machines in
            let error = await #expect(throws: MachineError.self) {
                try await machines.withMachine(of: FakeContainer.session) { machine in
                    try await machine.readFile("/f", as: nil, bytesMax: 10_000)
                }
            }
            #expect(error?.code == .file("/f is too large: at most 10000 bytes can be read"))
            let bytes = try await machines.withMachine(of: FakeContainer.session) { machine in
                try await machine.readFile("/f", as: nil, bytesMax: 100_000)
            }
            #expect(bytes.count == 100_000)
        }
    }
}
