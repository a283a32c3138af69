import AsyncHTTPClient
import Foundation
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// The container tool as models use it.
    @Suite(.daemon()) struct ContainerTests {
        let daemon: Daemon
        let session = "test-\(UUID())"

        init() throws { daemon = try #require(Daemon.shared) }

        @Test(arguments: Transport.allCases)
        func `output comes in the order it was written, then the exit code, and files stay`(
            transport: Transport
        ) async throws {
            let script = "echo out; echo error >&2; echo kept > /root/file; cd /tmp; export LOST=1; exit 3"
            let first = try await daemon.bash(script, in: session, over: transport)
            #expect(first.text == "out\nerror\nexit code: 3" && !first.isError && first.exitCode == 3)
            let second = try await daemon.bash("cat /root/file; pwd; echo [$LOST]", in: session, over: transport)
            #expect(second.text == "kept\n/\n[]\n" && second.exitCode == 0)
            #expect(try await daemon.bash("true", in: session, over: transport).text == "[no output]")
            #expect(try await daemon.call(.exec(["no-such"], in: session)).exitCode == 127)
        }

        @Test func `a command has the environment, the directory and the user that it was given`() async throws {
            let given: JSONObject = [
                "env": ["GIVEN": "a b", "NUMBER": 7], "workdir": "/mnt/data", "user": "1234:99",
            ]
            let answer = try await daemon.call(
                .exec(["sh", "-c", "echo $GIVEN $NUMBER; pwd; id -u; id -g"], in: session, given)
            )
            #expect(answer.text == "a b 7\n/mnt/data\n1234\n99\n")
            #expect(try await daemon.bash("id -u; pwd", in: session).text == "0\n/\n")
            let lost = try await daemon.bash("pwd", in: session, ["workdir": "/no/such"])
            #expect(lost.text == "/no/such: No such file or directory\nexit code: 126")
            let unknown = try await daemon.bash("id", in: session, ["user": "no-such"])
            #expect(unknown.exitCode == 126 && unknown.text.contains("unable to find user no-such"))
        }

        @Test func `arguments that models get wrong are understood, or say what is right`() async throws {
            for command: JSONValue in [#"["echo", "as text"]"#, "echo as text", ["echo", "as text"]] {
                let call = Call(
                    session: session,
                    namespace: "container",
                    tool: "exec",
                    arguments: ["cmd": command]
                )
                #expect(try await daemon.call(call).text == "as text\n")
            }
            let empty = Call(session: session, namespace: "container", tool: "exec", arguments: ["cmd": []])
            #expect(try await daemon.call(empty).text.hasPrefix("exec takes `cmd`: a list of strings"))
            let seconds = try await daemon.bash("true", in: session, ["timeout": 30])
            #expect(seconds.text.contains("timeout 30 was read as seconds"))
            let long = try await daemon.bash("true", in: session, ["timeout": 3_000_000])
            #expect(long.text.contains("the most a command may take"))
        }

        @Test func `a command past its time limit is ended, and its machine goes on`() async throws {
            let script = "echo begun > /root/begun; echo shown; sleep 1000 & trap '' TERM; sleep 1001; sleep 1002"
            let answer = try await daemon.bash(script, in: session, ["timeout": 600])
            #expect(answer.text.hasPrefix("shown\n\nCommand failed because it timed out."))
            #expect(answer.text.hasSuffix("[its time limit was 600 ms]"))
            #expect(!answer.isError && answer.run?["timed_out"] == true)
            let next = try await daemon.bash("cat /root/begun; pgrep -c sleep", in: session)
            #expect(next.text == "begun\n0\nexit code: 1")
        }

        @Test func `much output is cut in its middle, and a file has all of it`() async throws {
            let answer = try await daemon.bash("seq 100000", in: session)
            #expect(answer.text.utf8.count < 34_000)
            #expect(answer.text.hasPrefix("1\n2\n3\n") && answer.text.hasSuffix("99999\n100000\n"))
            #expect(answer.run?["truncated"] == true && answer.run?["bytes"] == 588_895)
            let match = try #require(try #/all 588895 bytes are in (/tmp/[a-z0-9.-]+)\]/#.firstMatch(in: answer.text))
            let sum = try await daemon.bash("cmp <(seq 100000) \(match.1) && wc -c < \(match.1)", in: session)
            #expect(sum.text == "588895\n")
        }

        @Test func `calls of one session run beside each other`() async throws {
            _ = try await daemon.bash("mkfifo /tmp/a /tmp/b", in: session)
            async let first = daemon.bash("echo one > /tmp/a; cat /tmp/b", in: session)
            async let second = daemon.bash("cat /tmp/a; echo two > /tmp/b", in: session)
            #expect(try await first.text == "two\n")
            #expect(try await second.text == "one\n")
        }

        @Test func `what runs in the background neither holds a call up nor ends with it`() async throws {
            let start = try await daemon.bash("while :; do sleep 0.01; date > /tmp/tick; done & echo up", in: session)
            #expect(start.text == "up\n")
            let isTicking = try await eventually { try await daemon.bash("cat /tmp/tick", in: session).exitCode == 0 }
            #expect(isTicking)
        }

        @Test func `cleanup_session ends the machine, and twice is no harm`() async throws {
            _ = try await daemon.bash("echo mine > /root/file; sleep 1000 & true", in: session)
            let cleanUp = Call(session: session, namespace: "container", tool: "cleanup_session")
            for _ in 0..<2 { #expect(try await !daemon.call(cleanUp).isError) }
            let next = try await daemon.bash("cat /root/file; pgrep -c sleep", in: session)
            #expect(next.text == "cat: /root/file: No such file or directory\n0\nexit code: 1")
        }

        @Test func `two ids see neither files nor processes of each other`() async throws {
            _ = try await daemon.bash("sleep 1000 & echo mine | tee /tmp/a /mnt/data/b > /root/c", in: session)
            let look = "pgrep -c sleep; ls /tmp /mnt/data /root | wc -l"
            #expect(try await daemon.bash(look, in: session).text == "1\n8\n")
            #expect(try await daemon.bash(look, in: session + "-other").text == "0\n5\n")
        }
    }
}

extension EndToEndTests.ContainerTests {
    @Test func `output streams while the command runs, and its deltas are the final text`() async throws {
        let script = "for i in 1 2 3 4 5; do echo tick $i ünï; sleep 0.05; done"
        var call = Call.exec(["bash", "-c", script], in: session)
        call.progressToken = "token"
        call.isDetailed = true
        let answer = try await daemon.call(call, over: .legacy)
        let deltas = answer.progress.compactMap { $0["message"]?.string }
        #expect(deltas.count >= 3 && deltas.joined() == answer.text)
        #expect(answer.text.hasPrefix("tick 1 ünï\ntick 2 ünï\n"))
        #expect(answer.result["_meta"]?["dev.harmonium/output"]?["exact"] == true)
    }

    @Test(.enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary"))
    func `output comes as token ids where a client asks for them`() async throws {
        var call = Call.exec(["bash", "-c", "echo tick; sleep 0.05; echo tock"], in: session)
        call.progressToken = "token"
        call.stream = "token-ids"
        let answer = try await daemon.call(call)
        let ids = answer.progress.flatMap { $0["_meta"]?["dev.harmonium/output"]?["token_ids"]?.array ?? [] }
        let output = answer.result["_meta"]?["dev.harmonium/output"]
        #expect(!ids.isEmpty && ids.count == output?["token_count"]?.integer)
    }

    @Test func `a call that its client gives up is ended, and its machine goes on`() async throws {
        var call = Call.exec(["bash", "-c", "echo $$ > /root/pid; echo begun; sleep 1000"], in: session)
        call.progressToken = "token"
        do {
            var events = try await daemon.begin(call)
            _ = try await events.message()
        }
        let isEnded = try await eventually {
            try await daemon.bash("test -s /root/pid && ! pgrep sleep", in: session).exitCode == 0
        }
        #expect(isEnded)
    }

    @Test func `a client that does not read holds up no other call of its session`() async throws {
        var call = Call.exec(["yes"], in: session, ["timeout": 20_000])
        call.progressToken = "token"
        var unread = try await daemon.begin(call, over: .legacy)
        _ = try await unread.message()
        for _ in 0..<5 {
            let answer = try await daemon.bash("echo on", in: session, ["timeout": 5000])
            #expect(answer.text == "on\n")
        }
        _ = try await daemon.call(Call(session: session, namespace: "container", tool: "cleanup_session"))
        let ended = try await Answer(from: &unread)
        #expect(ended.isError && ended.text.hasSuffix("The container was ended while the command ran."))
    }

    @Test(.enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary"))
    func `a model's call in Harmony gets the tool's message`() async throws {
        let body = #"""
            {"session": "\#(session)", "message": {"role": "assistant", "channel": "commentary",
             "recipient": "container.exec", "content_type": "<|constrain|>json",
             "content": "{\"cmd\": [\"bash\", \"-lc\", \"echo hello; exit 2\"]}"}}
            """#
        var request = HTTPClientRequest(url: "\(daemon.base)/v1/harmony")
        request.method = .POST
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await daemon.http.execute(request, timeout: .seconds(30))
        let answer = try JSONValue(parsing: Array(try await response.body.collect(upTo: 1 << 20).readableBytesView))
        let message = try #require(answer["messages"]?.array?.first, "\(answer)")
        let text = "<|start|>container.exec to=assistant<|channel|>commentary<|message|>hello\nexit code: 2<|end|>"
        #expect(message["text"] == .string(text))
    }
}
