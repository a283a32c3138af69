import Foundation
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    /// `/v1/responses` with a recorded model and the real python tool, driven by the official client.
    @Suite(
        .timeLimit(.minutes(5)),
        .enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary")
    )
    struct ResponsesTests {
        /// What the model samples, by what the user says.
        private static let recording = [
            #"{"user": "Summarize the conversation", "turns": ["The user asked for the weather.<|return|>"]}"#,
            #"{"user": "without tools", "turns": ["<|channel|>final<|message|>I cannot know.<|return|>"]}"#,
            #"{"user": "nothing", "turns": ["<|channel|>final<|message|>It is 977966748.<|return|>"]}"#,
            #"{"user": "Stay", "turns": ["<|channel|>final<|message|>I stay.<|return|>"]}"#,
            #"{"user": "Multiply", "turns": ["<|channel|>analysis<|message|>Use python.<|end|><|start|>assistant<|channel|>analysis to=python code<|message|>x = 42\n64548*15151<|call|>", "<|channel|>final<|message|>It is 977966748.<|return|>"]}"#,
            #"{"user": "stored", "turns": ["<|channel|>analysis to=python code<|message|>x<|call|>", "<|channel|>final<|message|>It is 42.<|return|>"]}"#,
            #"{"user": "Weather", "turns": ["<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{\"city\":\"Paris\"}<|call|>", "<|channel|>final<|message|>It is 18 degrees.<|return|>"]}"#,
            #"{"user": "Wait", "turns": ["<|channel|>analysis to=python code<|message|>import time; time.sleep(1)<|call|>", "<|channel|>final<|message|>I waited.<|return|>"]}"#,
            forecast,
        ]
        /// Twenty calls of the client's, each with a thought before it, and an answer.
        private static let forecast: String = {
            let call =
                #""<|channel|>analysis<|message|>Ask.<|end|><|start|>assistant<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{\"city\":\"Paris\"}<|call|>""#
            let calls = Array(repeating: call, count: 20).joined(separator: ", ")
            return
                #"{"user": "Forecast", "turns": [\#(calls), "<|channel|>final<|message|>It is 18 degrees.<|return|>"]}"#
        }()

        /// Lends a daemon whose model is the recording.
        private func withDaemon(_ body: @escaping @Sendable (Daemon, TemporaryDirectory) async throws -> Void)
            async throws
        {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            let file = "\(home.path)/turns.jsonl"
            try Self.recording.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
            try await Daemon.run(["--engine", "replay:\(file)"]) { try await body($0, home) }
        }

        @Test(
            .enabled(if: RealClients.haveEnvironments, "run scripts/setup --tests, or set CLIENTS_VENVS"),
            arguments: ["openai2", "openai3"]
        )
        func `the official client has its answer, and goes on`(environment: String) async throws {
            try await withDaemon { daemon, home in
                let python = FilePath("\(RealClients.environments)/\(environment)/bin/python")
                let stream = "\(home.path)/stream.sse"
                let run = try await Program.run(
                    python,
                    [RealClients.script(named: "responses"), daemon.base, stream],
                    environment: ["NO_PROXY": "localhost"]
                )
                #expect(run.output == "right\n", "\(run.errors)")
                guard let validator = RealClients.validator else { return }
                let report = try await Program.run(python, [validator, "--profile", "strict", stream])
                #expect(report.exitCode == 0, "\(report.output)\(report.errors)")
            }
        }

        @Test(
            .enabled(if: RealClients.haveEnvironments, "run scripts/setup --tests, or set CLIENTS_VENVS"),
            arguments: [("response_socket", "openai3"), ("compaction", "openai3"), ("agents_run", "agents")]
        )
        func `a program of the official libraries has what it needs`(script: String, environment: String) async throws {
            try await withDaemon { daemon, _ in
                let run = try await Program.run(
                    FilePath("\(RealClients.environments)/\(environment)/bin/python"),
                    [RealClients.script(named: script), daemon.base],
                    environment: ["NO_PROXY": "localhost"]
                )
                #expect(run.output == "right\n", "\(run.errors)")
            }
        }

        @Test func `a question at the command line has its answer`() async throws {
            try await withDaemon { daemon, _ in
                let arguments = ["Multiply 64548*15151.", "--tools", "python", "--url", daemon.base]
                let brief = try await Program.run(["respond"] + arguments)
                #expect(brief.output == "It is 977966748.\n", "\(brief.errors)")
                let whole = try await Program.run(["respond", "--verbose"] + arguments)
                #expect(
                    whole.output == """
                        reasoning: Use python.
                        call: python: {"code":"x = 42\\n64548*15151"}
                        output: 977966748
                        answer: It is 977966748.

                        """,
                    "\(whole.errors)"
                )
                let chat = try await Program.run(
                    ["chat", "--tools", "python", "--url", daemon.base],
                    input: "Multiply 64548*15151.\n\nWhat is stored?\n"
                )
                // The second call finds what the first one left in the session.
                #expect(chat.output.hasSuffix("output: 42\nanswer: It is 42.\n"), "\(chat.output)\(chat.errors)")
                let other = try await Program.run(["respond", "Hello.", "--url", daemon.base])
                #expect(other.exitCode == 1)
                #expect(other.errors.contains("No script of the recording is for this message"))
            }
        }
    }
}
