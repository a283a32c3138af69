import Foundation
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    /// `/open/v1/responses` under the cases of Open Responses' compliance suite.
    @Suite(
        .timeLimit(.minutes(3)),
        .enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary"),
        .enabled(if: RealClients.haveEnvironments, "run scripts/setup --tests, or set CLIENTS_VENVS")
    )
    struct OpenResponsesTests {
        private func run(_ argument: String) async throws -> Program.Outcome {
            try await Program.run(
                FilePath("\(RealClients.environments)/openresponses/bin/python"),
                [RealClients.script(named: "open_responses"), argument],
                environment: ["NO_PROXY": "localhost"]
            )
        }

        @Test func `every case passes while all the others run`() async throws {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            let file = "\(home.path)/turns.jsonl"
            try await run("turns").output.write(toFile: file, atomically: true, encoding: .utf8)
            try await Daemon.run(["--engine", "replay:\(file)"]) { daemon in
                let cases = try await run("\(daemon.base)/open/v1")
                let lines = cases.output.split(separator: "\n")
                #expect(lines.count >= 22)
                #expect(lines.allSatisfy { $0.hasSuffix(": passed") }, "\(cases.output)\(cases.errors)")
                #expect(cases.exitCode == 0)
            }
        }
    }
}
