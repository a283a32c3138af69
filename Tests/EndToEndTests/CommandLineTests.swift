import Foundation
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    @Suite(.daemon("--log-format", "json", "--log-level", "debug")) struct CommandLineTests {
        private let daemon: Daemon

        init() throws { daemon = try #require(Daemon.shared) }

        @Test func `a call prints its result and nothing else`() async throws {
            let call = try await Program.run(["call", "python", "64548*15151", "--url", daemon.base])
            #expect(call.exitCode == 0)
            #expect(call.output == "977966748\n")
            #expect(call.errors.isEmpty)
        }

        @Test func `a local call prints the same without a server`() async throws {
            let call = try await Program.run(["call", "python", "64548*15151", "--local"])
            #expect(call.exitCode == 0, "\(call.errors)")
            #expect(call.output == "977966748\n")
        }

        @Test func `a call reads its code from standard input, and keeps a session`() async throws {
            let session = ["--session", "\(UUID())", "--url", daemon.base]
            let first = try await Program.run(["call", "python", "-"] + session, input: "kept = 42\nprint('set')\n")
            #expect(first.output == "set\n")
            #expect(try await Program.run(["call", "python", "kept"] + session).output == "42\n")
        }

        @Test(arguments: [true, false])
        func `a call that goes wrong ends with 1 and the traceback`(isLocal: Bool) async throws {
            let place = isLocal ? ["--local"] : ["--url", daemon.base]
            let call = try await Program.run(["call", "python", "print('before'); 1/0"] + place)
            #expect(call.exitCode == 1)
            #expect(call.output.hasPrefix("before\n"))
            #expect(call.output.contains("ZeroDivisionError: division by zero"))
        }

        @Test(.enabled(if: Program.isThere("/usr/bin/script"), "there is no script, which has a terminal"))
        func `a cell's output reaches a program as it is, and a terminal without what it would obey`() async throws {
            let code = #"print('\x1b]52;c;aGk=\x07')"#
            let piped = try await Program.run(["call", "python", code, "--url", daemon.base])
            #expect(piped.output == "\u{1B}]52;c;aGk=\u{7}\n")
            let command = "\(Program.harmonium) call python \"\(code)\" --url \(daemon.base)"
            let shown = try await Program.run("/usr/bin/script", ["-qec", command, "/dev/null"])
            #expect(shown.output.contains("␛]52;c;aGk=␇"), "\(shown.output.debugDescription)")
            #expect(!shown.output.contains("\u{1B}]52"))
        }

        @Test func `a call prints the whole result as JSON`() async throws {
            for place in [["--local"], ["--url", daemon.base]] {
                let call = try await Program.run(["call", "python", "1/0", "--json"] + place)
                #expect(call.exitCode == 1)
                let result = try JSONValue(parsing: Array(call.output.utf8))
                #expect(result["isError"] == .bool(true))
                #expect(result["content"]?.array?.first?["text"]?.string?.contains("ZeroDivisionError") == true)
                #expect(result["_meta"]?["dev.harmonium/run"]?["stateKept"] == .bool(true))
                #expect(call.output.split(separator: "\n").count == 1)
            }
        }

        @Test func `a call of the browser takes a JSON object, and keeps its pages`() async throws {
            let session = ["--session", "\(UUID())", "--url", daemon.base]
            let found = try await Program.run(["call", "browser.search", #"{"query": "a"}"#] + session)
            #expect(found.output.contains("[0]"), "\(found.errors)")
            let missing = try await Program.run(["call", "browser.find", #"{"pattern": "zzz"}"#, "--json"] + session)
            #expect(missing.output.hasPrefix(#"{"_meta""#) || missing.output.contains(#""content""#))
            let empty = try await Program.run(["call", "browser.search"] + session)
            #expect(empty.exitCode == 1)
            #expect(empty.output.contains("query"))
        }

        @Test(arguments: [
            (["browser.open", "not JSON"], "not a JSON object"), (["browser.open", "[1]"], "not a JSON object"),
            (["python"], "python takes code"), (["../x", "1"], "is not the name of a tool"),
            (["browser.open", "{}", "--local"], "--local runs python alone"),
        ])
        func `a call that cannot be meant says what to write`(arguments: [String], words: String) async throws {
            let call = try await Program.run(["call"] + arguments)
            #expect(call.exitCode == 64)
            #expect(call.errors.contains(words))
        }

        @Test func `sessions are listed and killed`() async throws {
            let session = "a/b \(UUID())"
            let place = ["--url", daemon.base]
            _ = try await Program.run(["call", "python", "kept = 42", "--session", session] + place)
            _ = try await Program.run(["call", "browser.search", #"{"query": "a"}"#, "--session", session] + place)
            let list = try await Program.run(["sessions", "list"] + place)
            #expect(list.output.hasPrefix("SESSION"))
            let row = try #require(list.output.split(separator: "\n").first { $0.hasPrefix(session) })
            #expect(row.contains("browser,python") && row.hasSuffix("  0"))
            let json = try await Program.run(["sessions", "list", "--json"] + place)
            #expect(json.output.contains(#""tools":["browser","python"]"#))

            #expect(try await Program.run(["sessions", "kill", session] + place).exitCode == 0)
            #expect(try await !Program.run(["sessions", "list"] + place).output.contains(session))
            let next = try await Program.run(["call", "python", "kept", "--session", session] + place)
            #expect(next.output.contains("NameError"))
            let again = try await Program.run(["sessions", "kill", "none-\(session)"] + place)
            #expect(again.exitCode == 1)
            #expect(again.errors.contains("There is no session"))
        }

        @Test(arguments: [["list"], ["kill", "a"]])
        func `sessions without a server say how to start one`(arguments: [String]) async throws {
            let sessions = try await within(.seconds(15)) {
                try await Program.run(["sessions"] + arguments + ["--url", "http://localhost:1"])
            }
            #expect(sessions.exitCode == 1)
            #expect(sessions.errors.contains("start one with `harmonium serve`"))
        }

        @Test func `an unknown key of a file is named, with the nearest known one`() async throws {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            let file = "\(home.path)/settings.yaml"
            try "python:\n  memory-mb: 64\n".write(toFile: file, atomically: true, encoding: .utf8)
            let serve = try await Program.run(["serve", "--config", file])
            #expect(serve.exitCode == 64)
            #expect(
                serve.errors.contains("\(file): there is no setting python.memory-mb; did you mean python.memory-mib?")
            )
        }

        @Test(arguments: ["bash", "zsh", "fish"])
        func `a shell gets completions of every command`(shell: String) async throws {
            let script = try await Program.run(["--generate-completion-script", shell])
            #expect(script.exitCode == 0)
            for command in ["serve", "call", "sessions", "doctor"] { #expect(script.output.contains(command)) }
        }

        @Test func `a call without a server says how to start one`() async throws {
            let call = try await within(.seconds(15)) {
                try await Program.run(["call", "python", "1", "--url", "http://localhost:1"])
            }
            #expect(call.exitCode == 1)
            #expect(call.output.isEmpty)
            #expect(call.errors.contains("harmonium serve"))
            #expect(call.errors.contains("--local"))
        }

        @Test(arguments: [["search", "a"], ["open", "https://a.example/"], ["find", "a"], ["cite", "a"]])
        func `browsing without a server says what helps`(arguments: [String]) async throws {
            let browse = try await within(.seconds(15)) {
                try await Program.run(["browse"] + arguments + ["--url", "http://localhost:1"])
            }
            #expect(browse.exitCode == 1)
            #expect(browse.errors.contains("start one with `harmonium serve`"))
            // It has no such option.
            #expect(!browse.errors.contains("--local"))
        }

        @Test func `doctor finds what the tests need`() async throws {
            let doctor = try await Program.run(["doctor"])
            #expect(doctor.exitCode == 0)
            #expect(doctor.output.contains("[ok] namespaces"))
            #expect(doctor.output.contains("[ok] 64548*15151 in a session: 977966748"))
        }

        @Test func `doctor without a worker says what is missing`() async throws {
            let doctor = try await Program.run(["doctor", "--set", "worker.executable=/bin/false"])
            #expect(doctor.exitCode == 1)
            #expect(doctor.output.contains("[missing]"))
        }

        @Test func `the version is a version`() async throws {
            let version = try await Program.run(["--version"])
            #expect(version.exitCode == 0)
            #expect(version.output.wholeMatch(of: #/[0-9]+\.[0-9]+\.[0-9]+\n/#) != nil)
        }

        @Test(arguments: [
            (["--set", "python.memory-mib=lots"], "python.memory-mib"),
            (["--set", "python.memory-mib=1"], "python.memory-mib: 1 is not from 64"),
            (["--set", "python.nothing=1"], "there is no setting python.nothing"),
            (["--set", "python.pool"], "--set python.pool: write it as key=value"),
            (["--port", "65536"], "http.port"), (["--port", "eighty"], "eighty"),
            (["--log-format", "xml"], "log.format"), (["--log-level", "loud"], "log.level"),
            (["--config", "/nonexistent.yaml"], "/nonexistent.yaml"),
            (["--set", "worker.executable=/nonexistent"], "worker.executable: not found at /nonexistent"),
            (["--nothing"], "--nothing"),
        ])
        func `a wrong setting is named, and the exit code is 64`(arguments: [String], words: String) async throws {
            let serve = try await Program.run(["serve"] + arguments)
            #expect(serve.exitCode == 64)
            #expect(serve.errors.contains(words))
            #expect(serve.output.isEmpty)
        }

        @Test func `a wrong environment variable is named, and an option overrules it`() async throws {
            let environment: [Environment.Key: String?] = ["HARMONIUM_PYTHON_POOL": "many"]
            let serve = try await Program.run(["serve"], environment: environment)
            #expect(serve.exitCode == 64)
            #expect(serve.errors.contains("python.pool"))
            let call = ["call", "python", "1", "--local", "--set", "python.pool=0"]
            #expect(try await Program.run(call, environment: environment).exitCode == 0)
        }

        @Test func `a setting comes from a file, and an option overrules it`() async throws {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            let file = "\(home.path)/settings.yaml"
            try "python:\n  time-limit-seconds: 1\n".write(toFile: file, atomically: true, encoding: .utf8)
            let call = ["call", "python", "import time; time.sleep(1.5); print('slept')", "--local", "--config", file]
            #expect(try await Program.run(call).output.contains("Time limit: the cell ran for 1 s"))
            #expect(try await Program.run(call + ["--set", "python.time-limit-seconds=9"]).output == "slept\n")
        }

        @Test func `a port that is taken is named`() async throws {
            let serve = try await Program.run(["serve", "--port", "\(daemon.port)"])
            #expect(serve.exitCode == 1)
            #expect(serve.output.isEmpty)
            #expect(serve.errors.contains("\(daemon.port)"))
        }

        @Test func `every line of a JSON log is an object with time, level and message`() async throws {
            _ = try await daemon.call("print('\"quotes\"\\n\\\\')", in: "a \"quoted\" session")
            _ = try await daemon.call("1", in: "ünï", over: .legacy)
            #expect(daemon.log.lines.count > 2)
            for line in daemon.log.lines {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                let fields = try #require(object, "\(line)")
                for name in ["time", "level", "message"] { #expect(fields[name] is String, "\(line)") }
            }
        }

        @Test(.enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary"))
        func `text is encoded, decoded and counted`() async throws {
            #expect(try await Program.run(["tokens", "encode", "Hello, world"]).output == "13225 11 2375\n")
            #expect(try await Program.run(["tokens", "count"], input: "Hello, world").output == "3\n")
            #expect(try await Program.run(["tokens", "decode"], input: "[13225, 11, 2375]").output == "Hello, world")
            let special = try await Program.run(["tokens", "encode", "--special", "<|start|>"])
            #expect(special.output == "200006\n")
            let json = try await Program.run(["tokens", "encode", "--json", "Hi"])
            #expect(json.output == #"[{"id":12194,"text":"Hi"}]"# + "\n")
            let unknown = try await Program.run(["tokens", "decode", "300000"])
            #expect(unknown.exitCode == 64)
            #expect(unknown.errors.contains("there is no token 300000"))
        }

        @Test(.enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary"))
        func `what is rendered is parsed again`() async throws {
            let messages = """
                [{"role":"user","content":"64548*15151?"},
                 {"role":"assistant","channel":"analysis","recipient":"python","content":"64548*15151"}]
                """
            let rendered = try await Program.run(["render", "-", "--purpose", "conversation"], input: messages)
            #expect(
                rendered.output == "<|start|>user<|message|>64548*15151?<|end|>"
                    + "<|start|>assistant to=python<|channel|>analysis<|message|>64548*15151<|call|>"
            )
            let ids = try await Program.run(["render", "-", "--ids", "--purpose", "conversation"], input: messages)
            for input in [rendered.output, ids.output] {
                let parsed = try await Program.run(["parse", "--json"], input: input)
                #expect(parsed.output.contains(#""recipient":"python""#), "\(parsed.errors)")
                #expect(parsed.output.contains(#""repairs":[]"#))
            }
            let broken = "<|start|>assistant<|channel|>analysis to=python<|channel|>final<|message|>1<|call|>"
            #expect(try await Program.run(["parse"], input: broken).output.contains("repaired: extra_channel"))
            #expect(try await Program.run(["parse", "--strict"], input: broken).exitCode == 0)
            // As `echo` passes it on.
            let echoed = try await Program.run(["parse", "--strict"], input: broken + "\n")
            #expect(echoed.exitCode == 0, "\(echoed.errors)")
            let foreign = try await Program.run(["parse", "--strict"], input: "<|start|>stranger<|message|>1<|end|>")
            #expect(foreign.exitCode == 1)
            #expect(foreign.errors.contains("Unknown role: stranger"))
        }

        @Test func `a vocabulary is what its digest says, and nothing else`() async throws {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            let foreign = "\(home.path)/foreign"
            try "IQ== 0\n".write(toFile: foreign, atomically: true, encoding: .utf8)
            let place = "\(home.path)/made"
            let refused = try await Program.run(["vocabulary", "install", "--from", foreign, "--at", place])
            #expect(refused.exitCode == 1)
            #expect(refused.errors.contains("SHA-256"))
            #expect(!FileManager.default.fileExists(atPath: place))
            let set = ["vocabulary", "--set", "vocabulary.file=\(foreign)"]
            #expect(try await Program.run(set).exitCode != 0)
        }

        @Test(.enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary"))
        func `the official text is printed as it is installed`() async throws {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            let text = try await Program.run(["vocabulary", "text"])
            let (file, place) = ("\(home.path)/text", "\(home.path)/made")
            try text.output.write(toFile: file, atomically: true, encoding: .utf8)
            let made = try await Program.run(["vocabulary", "install", "--from", file, "--at", place])
            #expect(made.exitCode == 0, "\(made.errors)")
        }
    }
}
