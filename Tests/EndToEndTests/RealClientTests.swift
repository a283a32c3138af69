import Foundation
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    /// Clients as serving layers embed them: the raw wire, and both generations of the `mcp` package.
    @Suite(.timeLimit(.minutes(3)))
    struct RealClientTests {
        @Test(
            .enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary"),
            .enabled(if: RealClients.haveEnvironments, "run scripts/setup --tests, or set CLIENTS_VENVS")
        )
        func `tokens that come while a tool runs are those that Harmony renders`() async throws {
            try await Daemon.run { daemon in
                let run = try await Program.run(
                    FilePath("\(RealClients.environments)/sdk2/bin/python"),
                    [RealClients.script(named: "streamed_tokens"), daemon.base],
                    environment: ["NO_PROXY": "localhost"]
                )
                #expect(run.output == "equal\n", "\(run.errors)")
            }
        }

        @Test(
            .enabled(if: RealClients.haveEnvironments, "run scripts/setup --tests, or set CLIENTS_VENVS"),
            arguments: ["sdk1", "sdk2"]
        )
        func `state stays, and tools have names of their own, where a client does nothing for it`(
            environment: String
        ) async throws {
            try await Daemon.run { daemon in
                let run = try await Program.run(
                    FilePath("\(RealClients.environments)/\(environment)/bin/python"),
                    [RealClients.script(named: "keeps_state"), daemon.base],
                    environment: ["NO_PROXY": "localhost"]
                )
                #expect(run.output == "42 42 python search open find\n", "\(run.errors)")
            }
        }

        @Test(
            .enabled(if: RealClients.haveEnvironments, "run scripts/setup --tests, or set CLIENTS_VENVS"),
            arguments: [("sdk1", "sse ok\nhttp ok\n"), ("sdk2", "sse ok\nlegacy ok\nauto ok\n")]
        )
        func `clients get what they came for over every transport that they have`(
            environment: String,
            said: String
        ) async throws {
            try await Daemon.run { daemon in
                let run = try await Program.run(
                    FilePath("\(RealClients.environments)/\(environment)/bin/python"),
                    [RealClients.script(named: "every_transport"), daemon.base],
                    environment: ["NO_PROXY": "localhost"]
                )
                #expect(run.output == said, "\(run.errors)")
            }
        }

        @Test(
            .enabled(if: RealClients.areThere, "no clients/run.sh in HARMONIUM_SHARED"),
            .enabled(if: RealClients.haveEnvironments, "run scripts/setup --tests, or set CLIENTS_VENVS")
        )
        func `real clients find nothing that must be otherwise`() async throws {
            try await Daemon.run { daemon in
                let home = try TemporaryDirectory()
                defer { home.remove() }
                let report = "\(home.path)/report.jsonl"
                let run = try await Program.run(
                    FilePath(RealClients.script),
                    [daemon.base, report],
                    environment: ["CLIENTS_VENVS": RealClients.environments, "NO_PROXY": "localhost"]
                )
                #expect(run.exitCode == 0, "\(run.output)\n\(run.errors)")
                let lines = try String(contentsOfFile: report, encoding: .utf8).split(separator: "\n")
                let results = try lines.map { try JSONDecoder().decode(ClientReport.self, from: Data($0.utf8)) }
                #expect(Set(results.map(\.client)).count >= 3)
                for result in results {
                    #expect(result.summary.fail == 0, "\(result.client)")
                }
            }
        }
    }
}

/// Clients in Python, and the environments that they run in.
enum RealClients {
    static func script(named name: String) -> String {
        Program.packageRoot.appending(path: "Tests/EndToEndTests/Clients/\(name).py").path
    }
    /// More clients, in the shared folder.
    static var script: String { FieldCase.sharedFolder.appending(path: "clients/run.sh").path }
    static var areThere: Bool { FileManager.default.isExecutableFile(atPath: script) }
    static var haveEnvironments: Bool {
        ["sdk1", "sdk2", "openai2", "openai3", "openresponses", "agents"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: "\(environments)/\($0)/bin/python")
        }
    }

    static var environments: String {
        ProcessInfo.processInfo.environment["CLIENTS_VENVS"] ?? Program.packageRoot.appending(path: ".build/venv").path
    }

    /// What checks a stream of events against the grammar of the API; nil where it is not there.
    static var validator: String? {
        let path = FieldCase.sharedFolder.appending(path: "clients/validate_events.py").path
        return FileManager.default.isReadableFile(atPath: path) ? path : nil
    }
}

/// One client's line in the report.
private struct ClientReport: Decodable {
    struct Summary: Decodable {
        let fail: Int
    }

    let client: String
    let summary: Summary
}
