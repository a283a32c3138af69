import Foundation
import JSON
import MCP
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    /// The recorded faults that requests showed, on a daemon of their own.
    @Suite(.enabled(if: FieldCase.areRecorded("security"), "no field/security.jsonl in HARMONIUM_SHARED"))
    struct RequestFieldTests {
        @Test(.timeLimit(.minutes(4)))
        func `requests of the field come to what they should`() async throws {
            let seen = try await Daemon.run(["--set", "python.output-mib=16"]) { daemon in
                let outcomes = try await Self.outcomes(on: daemon)
                // An operator can see why clients are refused.
                for line in ["http.allowed-hosts can allow it", "Request came too slowly"] {
                    let isLogged = await eventually { daemon.log.text.contains(line) }
                    #expect(isLogged, "\(line) is not in\n\(daemon.log.text)")
                }
                return outcomes
            }
            var report = FieldReport(title: "security.jsonl, requests, and mcp.jsonl, HTTP")
            var missing = Set(seen.keys)
            for found in try FieldCase.all("security") + FieldCase.all("mcp") {
                guard let outcome = seen[found.id] else { continue }
                missing.remove(found.id)
                report.add(found, outcome)
            }
            report.show()
            #expect(missing.isEmpty, "no such cases")
        }

        /// What the clients' program tells of each case that it tries.
        private static func outcomes(on daemon: Daemon) async throws -> [String: FieldReport.Outcome] {
            let script = Program.packageRoot.appending(path: "Tests/EndToEndTests/Clients/field_requests.py").path
            let result = try await Subprocess.run(
                .path("/usr/bin/python3"),
                arguments: [script, "\(daemon.port)", "\(daemon.pid)"],
                input: .none,
                output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20)
            )
            #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
            var outcomes: [String: FieldReport.Outcome] = [:]
            for line in result.standardOutput.split(separator: "\n") {
                let json = try JSONValue(parsing: String(line))
                let id = try #require(json["id"]?.string)
                outcomes[id] = json["isRight"] == true ? .right : .wrong(json["seen"]?.string ?? "")
            }
            return outcomes
        }
    }
}
