import JSON
import MCP
import TestSupport
import Testing

@testable import ContainerTool

@Suite(.bounded) struct ExecToolTests {
    @Test(arguments: [
        ("total 4\n", ExecEnd(.exited(0), duration: .zero), "total 4\n"),
        ("", ExecEnd(.exited(0), duration: .zero), "[no output]"),
        ("no newline", ExecEnd(.exited(3), duration: .zero), "no newline\nexit code: 3"),
        (
            "bash: x: command not found\n", ExecEnd(.exited(127), duration: .zero),
            "bash: x: command not found\nexit code: 127"
        ),
        ("", ExecEnd(.exited(1), duration: .zero), "exit code: 1"),
        (
            "part", ExecEnd(.signaled(9), stop: .timeLimit, duration: .zero),
            "part\n\nCommand failed because it timed out.\n[its time limit was 60000 ms]"
        ),
        ("", ExecEnd(.signaled(11), duration: .zero), "exit code: 139\n[it was ended by signal 11]"),
        (
            "y\n", ExecEnd(.signaled(9), stop: .outputLimit, duration: .zero),
            "y\nexit code: 137\n[it was stopped because it wrote too much: write to a file, or less]"
        ),
        ("a\0b", ExecEnd(.exited(0), duration: .zero), "a\u{FFFD}b"),
    ])
    func `the result is the output and how it ended`(written: String, end: ExecEnd, text: String) async throws {
        let machine = FakeMachine(FakeMachine.Behavior(events: [.output(Array(written.utf8))], end: end))
        let shown = try await machine.call("exec", ["cmd": ["x"]])
        #expect(shown.text == text)
        #expect(shown.deltas == text)
        #expect(!shown.result.isError)
        #expect(shown.run?["exit_code"] == .integer(end.exitCode))
        #expect(shown.run?["timed_out"] == .bool(end.stop == .timeLimit))
        #expect(shown.run?["bytes"] == .integer(written.utf8.count))
        #expect(shown.run?["truncated"] == false)
    }

    @Test func `programs get the figures of the run`() async throws {
        let end = ExecEnd(.exited(0), duration: .microseconds(1500))
        let shown = try await FakeMachine(FakeMachine.Behavior(end: end)).call("exec", ["cmd": ["x"], "timeout": 5000])
        #expect(
            shown.run == [
                "exit_code": 0, "timed_out": false, "durationMilliseconds": 1.5, "bytes": 0, "truncated": false,
                "timeout_ms_used": 5000,
            ]
        )
    }

    @Test(arguments: [1, 3, 1000, 100_000])
    func `of much output head and tail are shown, and the file that has all of it is named`(piece: Int) async throws {
        let written = Array((0..<20_000).map { "€ line \($0)\n" }.joined().utf8)
        let pieces = stride(from: 0, to: written.count, by: piece).map { start in
            MachineEvent.output(Array(written[start..<min(start + piece, written.count)]))
        }
        let end = ExecEnd(.exited(0), duration: .zero, keptOutput: "/tmp/output-1")
        let machine = FakeMachine(FakeMachine.Behavior(events: pieces, end: end))
        let shown = try await machine.call("exec", ["cmd": ["x"]])
        #expect(shown.deltas == shown.text)
        #expect(shown.text.hasPrefix("€ line 0\n"))
        #expect(shown.text.hasSuffix("€ line 19999\n"))
        #expect(!shown.text.contains("\u{FFFD}"))
        #expect(shown.text.utf8.count < 33_000)
        let match = try #require(
            try #/\n\.\.\. \[([0-9]+) bytes omitted; all ([0-9]+) bytes are in /tmp/output-1\] \.\.\.\n/#
                .firstMatch(in: shown.text)
        )
        #expect(Int(match.2) == written.count)
        #expect(try #require(Int(match.1)) + shown.text.utf8.count - match.0.utf8.count == written.count)
        #expect(shown.run?["truncated"] == true)
        #expect(machine.asked.commands[0].keptBeyondBytes == 32 << 10)
    }

    @Test func `what just fits is shown whole, also where a character is between head and tail`() async throws {
        let settings = ContainerSettings(headBytes: 10, tailBytes: 10)
        let written = "123456789€12345678"
        let machine = FakeMachine(FakeMachine.Behavior(events: [.output(Array(written.utf8))]))
        #expect(try await machine.call("exec", ["cmd": ["x"]], settings: settings).text == written)
        machine.behave(FakeMachine.Behavior(events: [.output(Array("\(written)90".utf8))]))
        let shown = try await machine.call("exec", ["cmd": ["x"]], settings: settings)
        #expect(shown.text == "123456789\n... [3 bytes omitted] ...\n1234567890")
    }

    @Test(arguments: [
        (MachineError.Code.unavailable, "not available"), (.tooManySessions, "Try again later"),
        (.tooManyCommands, "Wait for one"), (.lost, "lost"), (.sessionEnded, "ended"),
        (.terminalExists, "already exists"),
        (.noTerminal, "Open it with exec"), (.tooManyTerminals, "Exit one"), (.terminalFull, "does not read"),
        (.file("x"), "x."),
    ])
    func `a machine that fails is an error with a sentence, after what was written`(
        code: MachineError.Code,
        part: String
    ) async throws {
        let machine = FakeMachine(FakeMachine.Behavior(events: [.output(Array("before".utf8))], error: code))
        let shown = try await machine.call("exec", ["cmd": ["x"]])
        #expect(shown.result.isError)
        #expect(shown.text.hasPrefix("before\n"))
        #expect(shown.text.contains(part))
        #expect(shown.deltas == shown.text)
    }

    @Test func `what was lost is said first`() async throws {
        let machine = FakeMachine(FakeMachine.Behavior(events: [.loss(.processes), .output(Array("x\n".utf8))]))
        let shown = try await machine.call("exec", ["cmd": ["x"]])
        #expect(shown.text.hasPrefix("[the container was stopped after a long time without use: processes are gone"))
        #expect(shown.text.hasSuffix("]\nx\n"))
    }
}
