import JSON
import MCP
import TestSupport
import Testing

@testable import ContainerTool

@Suite(.bounded) struct ExecArgumentsTests {
    @Test(
        arguments: [
            (["cmd": ["ls", "-l"]], ["ls", "-l"]),
            (["cmd": "[\"ls\", \"-l\"]"], ["ls", "-l"]),
            (["cmd": "ls -l | wc"], ["bash", "-lc", "ls -l | wc"]),
            (["cmd": "[ -d /tmp ] && echo yes"], ["bash", "-lc", "[ -d /tmp ] && echo yes"]),
            (["cmd": "[1, {}]"], ["bash", "-lc", "[1, {}]"]),
            (["cmd": ["sleep", 1, 2.5, true]], ["sleep", "1", "2.5", "true"]),
            (["command": ["ls"]], ["ls"]), (["commands": "ls"], ["bash", "-lc", "ls"]),
            (["cmd": .null, "command": ["ls"]], ["ls"]),
        ] as [(JSONObject, [String])]
    )
    func `a command is read from all that models write`(written: JSONObject, words: [String]) throws {
        #expect(try ExecArguments(written, settings: ContainerSettings()).command.arguments == words)
    }

    @Test(
        arguments: [
            ([:], "exec takes `cmd`"), (["cmd": []], "exec takes `cmd`"), (["cmd": ""], "exec takes `cmd`"),
            (["cmd": [""]], "exec takes `cmd`"), (["cmd": [["ls"]]], "exec takes `cmd`"),
            (["cmd": 5], "exec takes `cmd`"),
            (["cmd": ["a\0b"]], "NUL"), (["cmd": ["ls"], "workdir": "a\0b"], "NUL"),
            (["cmd": ["ls"], "workdir": ["/"]], "`workdir` has to be a string"),
            (["cmd": ["ls"], "env": "A=b"], "`env` has to be an object"),
            (["cmd": ["ls"], "env": ["A=B": "c"]], "no `=`"), (["cmd": ["ls"], "env": ["": "c"]], "not empty"),
            (["cmd": ["ls"], "env": ["A": ["c"]]], "an object of strings"),
            (["cmd": ["ls"], "timeout": "soon"], "`timeout` has to be a number"),
            (["cmd": ["ls"], "session_name": "../../etc/x\n"], "`session_name` has to be"),
            (["cmd": ["ls"], "session_name": .string(String(repeating: "a", count: 65))], "`session_name` has to be"),
            (["cmd": ["echo", .string(String(repeating: "A", count: 1 << 20))]], "too long"),
            (["cmd": ["env"], "env": ["A": .string(String(repeating: "B", count: 200_000))]], "too long"),
        ] as [(JSONObject, String)]
    )
    func `what no program can get is refused with a sentence`(written: JSONObject, part: String) async throws {
        let machine = FakeMachine()
        let shown = try await machine.call("exec", written)
        #expect(shown.result.isError)
        #expect(shown.text.contains(part), "\(shown.text)")
        #expect(machine.asked.commands.isEmpty)
    }

    @Test(
        arguments: [
            (nil, 60_000, nil), (0, 60_000, nil), (-5, 60_000, nil), (.null, 60_000, nil),
            (10_000, 10_000, nil), ("10000", 10_000, nil), (1500.2, 1501, nil), (700, 700, nil),
            (60, 60_000, "timeout 60 was read as seconds"), (0.5, 500, "timeout 0.5 was read as seconds"),
            (
                300, 280_000,
                "timeout 300 was read as seconds; the time limit was 280000 ms, the most a command may take"
            ),
            (1e300, 280_000, "the time limit was 280000 ms, the most a command may take"),
        ] as [(JSONValue?, Int, String?)]
    )
    func `a timeout is milliseconds, unless it can only be seconds`(written: JSONValue?, given: Int, remark: String?)
        throws
    {
        var arguments: JSONObject = ["cmd": ["true"]]
        arguments["timeout"] = written
        let read = try ExecArguments(arguments, settings: ContainerSettings())
        #expect(read.command.timeLimit == .milliseconds(given))
        #expect(read.remark == remark)
    }

    @Test func `directory, environment and user are passed on`() throws {
        let read = try ExecArguments(
            ["cmd": ["env"], "workdir": "/tmp", "env": ["A": "b", "N": 1, "T": true, "X": .null], "user": 1000],
            settings: ContainerSettings()
        )
        #expect(read.command.directory == "/tmp")
        #expect(read.command.environment == ["A": "b", "N": "1", "T": "true"])
        #expect(read.command.user == "1000")
        #expect(read.terminal == nil)
    }
}
