import ContainerMachines
import ContainerProtocol
import TestSupport
import Testing

@testable import ContainerTool

@Suite(.bounded) struct TerminalTests {
    /// A supervisor whose terminals show what is typed, and end at `exit`.
    private static func run(_ body: @escaping @Sendable (ContainerMachines) async throws -> Void) async throws {
        try await FakeContainer.run(
            answer: { request in
                switch request {
                case .start(let number, let command): return command.terminal == nil ? nil : [.output(number, [36])]
                case .input(let number, Array("exit".utf8)): return [.ended(number, FakeContainer.exited(3))]
                case .input(let number, let bytes): return [.output(number, bytes)]
                case .endInput, .resize, .signal, .stop, .freeze, .endProcesses, .save, .restore: return []
                }
            },
            body: body
        )
    }

    @Test func `a terminal keeps what it shows until it is looked at, and says its end once`() async throws {
        try await Self.run { machines in
            try await machines.open("t")
            let seen = EventLog()
            #expect(try await machines.type(on: "t", seen) == nil)
            #expect(try await machines.type("abc", on: "t", seen) == nil)
            #expect(seen.events == [.output([36]), .output(Array("abc".utf8))])
            let end = try await machines.type("exit", on: "t")
            #expect(end?.exitCode == 3)
            let error = await #expect(throws: MachineError.self) { try await machines.type(on: "t") }
            #expect(error?.code == .noTerminal)
        }
    }

    @Test func `a name is taken until its program has ended`() async throws {
        try await Self.run { machines in
            try await machines.open("t")
            let error = await #expect(throws: MachineError.self) { try await machines.open("t") }
            #expect(error?.code == .terminalExists)
            _ = try await machines.type("exit", on: "t")
            try await machines.open("t")
        }
    }

    @Test func `there are so many terminals at a time, and no more`() async throws {
        try await Self.run { machines in
            for number in 0..<16 { try await machines.open("t\(number)") }
            let error = await #expect(throws: MachineError.self) { try await machines.open("one more") }
            #expect(error?.code == .tooManyTerminals)
            _ = try await machines.type("exit", on: "t3")
            try await machines.open("one more")
        }
    }

    @Test func `input that a program does not take is refused, and none of it is sent`() async throws {
        try await Self.run { machines in
            try await machines.open("t")
            let most = String(repeating: "x", count: ContainerRequest.inputBytesMax)
            _ = try await machines.type(most, on: "t")
            let error = await #expect(throws: MachineError.self) { try await machines.type("exit", on: "t") }
            #expect(error?.code == .terminalFull)
            #expect(try await machines.type(on: "t", limit: .milliseconds(1)) == nil)
        }
    }

    @Test func `of a flood that is not looked at the end is kept, and the rest counted`() async throws {
        let piece = [UInt8](repeating: 120, count: 1 << 16)
        try await FakeContainer.run { request in
            switch request {
            case .start(let number, _): Array(repeating: .output(number, piece), count: 100)
            case .input(let number, _): [.ended(number, FakeContainer.exited(0))]
            case .endInput, .resize, .signal, .stop, .freeze, .endProcesses, .save, .restore: []
            }
        } body: { machines in
            try await machines.open("t")
            let seen = EventLog()
            // The end comes after all of the flood.
            while try await machines.type("x", on: "t", seen, limit: .milliseconds(1)) == nil { await Task.yield() }
            var (dropped, shown) = (0, 0)
            for event in seen.events {
                switch event {
                case .dropped(let count): dropped += count
                case .output(let bytes): shown += bytes.count
                case .loss: Issue.record("nothing was lost")
                }
            }
            #expect(dropped + shown == 100 << 16)
        }
    }
}
