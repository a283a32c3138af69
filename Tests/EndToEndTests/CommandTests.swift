import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import SystemPackage
import Testing

extension EndToEndTests {
    /// Commands in container sessions: `harmonium exec`, `harmonium shell`, and the routes that they use.
    @Suite(.daemon("--set", "server.tools=python,container", "--set", "python.pool=0"))
    struct CommandTests {
        private let daemon: Daemon
        private let session = "commands-\(UUID())"

        init() throws { daemon = try #require(Daemon.shared) }

        private func exec(_ words: [String], _ options: [String] = [], input: String = "") async throws
            -> Program.Outcome
        {
            try await Program.run(["exec", "--url", daemon.base] + options + ["--"] + words, input: input)
        }

        @Test func `input, output and the exit code are the command's`() async throws {
            let run = try await exec(["sh", "-c", "cat; echo to-errors >&2; exit 3"], input: "typed\n")
            #expect(run.output == "typed\nto-errors\n")
            #expect(run.exitCode == 3, "\(run.errors)")
        }

        @Test func `bytes pass as they are, and more than fits any buffer`() async throws {
            let run = try await exec(
                ["sh", "-c", "cat | sha256sum"],
                input: String(repeating: "0123456789", count: 300_000)
            )
            #expect(run.output == "6ca41633343f162f0f0604879eeac607e5e5087adeee2e4247199301968790d0  -\n")
            let flood = try await exec(["sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x"])
            #expect(flood.output == String(repeating: "x", count: 3_000_000))
        }

        @Test func `a session that is named stays, and one that is not ends with its command`() async throws {
            _ = try await exec(["sh", "-c", "echo kept > /root/file"], ["--session", session])
            let kept = try await exec(["cat", "file"], ["--session", session, "--workdir", "/root", "--env", "A=1"])
            #expect(kept.output == "kept\n")
            let before = try await daemon.readiness()["tools"]?["container"]?["sessions"]?.integer
            _ = try await exec(["true"])
            #expect(try await daemon.readiness()["tools"]?["container"]?["sessions"]?.integer == before)
        }

        @Test func `what cannot be started says why`() async throws {
            let missing = try await exec(["no-such-program"])
            #expect(missing.exitCode == 127 && missing.output == "no-such-program: command not found\n")
            let user = try await exec(["true"], ["--user", "no-such-user"])
            #expect(user.exitCode == 126 && user.output.contains("no-such-user"))
            let directory = try await exec(["true"], ["--workdir", "/nowhere"])
            #expect(directory.exitCode == 126 && directory.output == "/nowhere: No such file or directory\n")
            #expect(try await Program.run(["exec", "--url", daemon.base]).exitCode == 64)
            let serverless = try await Program.run(["exec", "--url", "http://localhost:1", "--", "true"])
            #expect(serverless.exitCode == 125 && serverless.errors.contains("harmonium serve"))
        }

        @Test func `a shell has the terminal's size, its colors, an interrupt and the exit code`() async throws {
            let run = try await Program.run(
                "/usr/bin/python3",
                [
                    Program.packageRoot.appending(path: "Tests/EndToEndTests/Clients/shell.py").path,
                    Program.harmonium.string, daemon.base,
                ]
            )
            #expect(run.output == "begins with 30x100\nresized\ncolored\nexited with 7\n", "\(run.errors)")
        }

        @Test func `a client that hangs up ends its command, and the session goes on`() async throws {
            let body =
                #"{"cmd": ["sh", "-c", "trap 'echo ended > /root/trapped; exit' TERM; echo begun; sleep 100 & wait"]}"#
            do {
                let response = try await post("commands", body)
                var text = ""
                for try await piece in response.body {
                    text += String(buffer: piece)
                    if text.contains("event: output") { break }
                }
                #expect(text.hasPrefix("event: started"))
            }
            let hasEnded = try await eventually {
                try await exec(["cat", "/root/trapped"], ["--session", session]).output == "ended\n"
            }
            #expect(hasEnded)
        }

        @Test(arguments: [
            ("commands", "{}", 400), ("commands", #"{"cmd": []}"#, 400), ("commands", #"{"cmd": "ls"}"#, 400),
            ("commands", #"{"cmd": ["ls"], "terminal": {"rows": 0, "columns": 1}}"#, 400),
            ("commands", "nonsense", 400),
            ("commands/1/input", "x", 404), ("commands/x/signal", #"{"signal": 2}"#, 404),
            ("commands/1/signal", #"{"signal": 0}"#, 400), ("commands/1/end-input", "", 404),
        ])
        func `what cannot be meant is refused`(path: String, body: String, status: Int) async throws {
            let response = try await post(path, body)
            #expect(Int(response.status.code) == status)
            let text = String(buffer: try await response.body.collect(upTo: 1 << 16))
            #expect(try JSONValue(parsing: Array(text.utf8))["error"]?.string?.isEmpty == false)
        }

        private func post(_ path: String, _ body: String) async throws -> HTTPClientResponse {
            var request = HTTPClientRequest(url: "\(daemon.base)/v1/sessions/\(session)/\(path)")
            request.method = .POST
            request.body = .bytes(ByteBuffer(string: body))
            return try await daemon.http.execute(request, timeout: .seconds(60))
        }
    }
}
