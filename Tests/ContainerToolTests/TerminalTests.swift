import JSON
import MCP
import TestSupport
import Testing

@testable import ContainerTool

@Suite(.bounded) struct TerminalTests {
    @Test func `a terminal is opened with exec, and its text is clean`() async throws {
        let machine = FakeMachine(
            FakeMachine.Behavior(events: [.output(Array("\u{1B}[?2004h\u{1B}[1mroot\u{1B}[0m# ".utf8))], end: nil)
        )
        let shown = try await machine.call("exec", ["cmd": ["bash"], "session_name": "sh"])
        #expect(shown.text == "root# ")
        #expect(shown.deltas == "root# ")
        #expect(machine.asked.opened == ["sh"])
        #expect(machine.asked.waits == [TerminalWait(limit: .seconds(1), endsWhenQuiet: true)])
    }

    @Test func `where raw text is asked for it is as written, and the next clean one goes on`() async throws {
        let written = "\u{1B}[1mroot\u{1B}[0m# ls\r\n"
        let machine = FakeMachine(FakeMachine.Behavior(events: [.output(Array(written.utf8))], end: nil))
        let opened = try await machine.call("exec", ["cmd": ["bash"], "session_name": "sh", "raw": true])
        #expect(opened.text == written && opened.deltas == written)
        machine.behave(FakeMachine.Behavior(events: [.output(Array("\u{1B}[3".utf8))], end: nil))
        let half = try await machine.call("feed_chars", ["session_name": "sh", "chars": "", "raw": "true"])
        #expect(half.text == "\u{1B}[3")
        machine.behave(FakeMachine.Behavior(events: [.output(Array("1mred".utf8))], end: nil))
        let clean = try await machine.call("feed_chars", ["session_name": "sh", "chars": "", "raw": false])
        #expect(clean.text == "red")
        let wrong = try await machine.call("feed_chars", ["session_name": "sh", "chars": "", "raw": "both"])
        #expect(wrong.result.isError && wrong.text.contains("`raw` has to be true or false"))
    }

    @Test func `a short time limit is also the wait for a new terminal`() async throws {
        let machine = FakeMachine(FakeMachine.Behavior(end: nil))
        let shown = try await machine.call("exec", ["cmd": ["cat"], "session_name": "c", "timeout": 400])
        #expect(shown.text == "[no output yet]")
        #expect(machine.asked.waits == [TerminalWait(limit: .milliseconds(400), endsWhenQuiet: true)])
    }

    @Test func `a line goes on from call to call, and an end is said`() async throws {
        let machine = FakeMachine(FakeMachine.Behavior(events: [.output(Array("$ ".utf8))], end: nil))
        _ = try await machine.call("exec", ["cmd": ["bash"], "session_name": "sh"])
        machine.behave(
            FakeMachine.Behavior(
                events: [.output(Array("ls\r\na\u{1B}".utf8)), .output(Array("[K b\r\n$ ".utf8))],
                end: nil
            )
        )
        let listed = try await machine.call("feed_chars", ["session_name": "sh", "chars": "ls\n"])
        #expect(listed.text == "ls\na b\n$ ")
        #expect(listed.deltas == listed.text)
        let end = ExecEnd(.exited(4), duration: .zero)
        machine.behave(FakeMachine.Behavior(events: [.output(Array("exit\r\n".utf8))], end: end))
        let ended = try await machine.call("feed_chars", ["session_name": "sh", "chars": "exit 4\n"])
        #expect(ended.text == "exit\n[session ended, exit code 4]")
        #expect(ended.run?["exit_code"] == 4)
        #expect(machine.asked.typed == [[], Array("ls\n".utf8), Array("exit 4\n".utf8)])
    }

    @Test(arguments: [(nil, 100), (0, 0), (-1, 0), (250, 250), ("250", 250), (1e12, 60_000)] as [(JSONValue?, Int)])
    func `the wait is bounded`(written: JSONValue?, milliseconds: Int) async throws {
        let machine = FakeMachine(FakeMachine.Behavior(end: nil))
        var arguments: JSONObject = ["session_name": "s", "chars": ""]
        arguments["yield_time_ms"] = written
        _ = try await machine.call("feed_chars", arguments)
        #expect(machine.asked.waits == [TerminalWait(limit: .milliseconds(milliseconds), endsWhenQuiet: false)])
    }

    @Test(
        arguments: [
            ([:], "takes `session_name`"), (["session_name": ""], "`session_name` has to be"),
            (["session_name": "a/b"], "`session_name` has to be"),
            (["session_name": "s", "chars": .string(String(repeating: "x", count: (1 << 20) + 1))], "too long"),
        ] as [(JSONObject, String)]
    )
    func `what cannot be fed is refused`(arguments: JSONObject, part: String) async throws {
        let machine = FakeMachine(FakeMachine.Behavior(end: nil))
        let shown = try await machine.call("feed_chars", arguments)
        #expect(shown.result.isError && shown.text.contains(part), "\(shown.text)")
        #expect(machine.asked.typed.isEmpty)
    }

    @Test func `a session that is not there, or there already, is named`() async throws {
        let machine = FakeMachine(FakeMachine.Behavior(error: .noTerminal))
        let missing = try await machine.call("feed_chars", ["session_name": "s", "chars": "x"])
        #expect(missing.text == "There is no session named `s`. Open it with exec and `session_name`.")
        machine.behave(FakeMachine.Behavior(error: .terminalExists))
        let taken = try await machine.call("exec", ["cmd": ["bash"], "session_name": "s"])
        #expect(taken.text.contains("`s` already exists"))
    }

    @Test func `a flood of a terminal is cut like any output, and what is gone is counted`() async throws {
        let flood = Array(String(repeating: "y\r\n", count: 50_000).utf8)
        let machine = FakeMachine(FakeMachine.Behavior(events: [.dropped(12), .output(flood)], end: nil))
        let shown = try await machine.call("feed_chars", ["session_name": "s", "chars": ""])
        #expect(shown.text.hasPrefix("[12 bytes that were written before are gone]\ny\ny\n"))
        #expect(shown.text.contains("bytes omitted] ..."))
        #expect(shown.text.utf8.count < 33_000)
    }
}
