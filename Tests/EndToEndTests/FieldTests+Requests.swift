import Foundation
import JSON
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    /// The faults that requests showed in the field, on a daemon of their own.
    @Suite struct RequestFieldTests {
        @Test(.timeLimit(.minutes(4)))
        func `requests of the field come to what they should`() async throws {
            let seen = try await Daemon.run(["--set", "python.output-mib=16"]) { daemon in
                let outcomes = try await RequestField.outcomes(on: daemon, of: "mcp")
                // An operator can see why clients are refused.
                let isLogged = await eventually { daemon.log.text.contains("http.allowed-hosts can allow it") }
                #expect(isLogged, "\(daemon.log.text)")
                return outcomes
            }
            var report = FieldReport(title: "mcp.jsonl, HTTP")
            for (id, outcome) in seen.sorted(by: { $0.key < $1.key }) { report.add(.named(id), outcome) }
            report.show()
            #expect(seen.count >= 5)
        }
    }
}

/// The faults that a program of clients tries.
enum RequestField {
    /// What it tells of each case of a group: `flood` and `shape` of security, or `mcp`.
    static func outcomes(on daemon: Daemon, of group: String) async throws -> [String: FieldReport.Outcome] {
        let script = Program.packageRoot.appending(path: "Tests/EndToEndTests/Clients/field_requests.py").path
        let result = try await Subprocess.run(
            .path("/usr/bin/python3"),
            arguments: [script, "\(daemon.port)", "\(daemon.pid)", group],
            input: .none,
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
        var outcomes: [String: FieldReport.Outcome] = [:]
        for line in result.standardOutput.split(separator: "\n") {
            let json = try JSONValue(parsing: Array(line.utf8))
            let id = try #require(json["id"]?.string)
            outcomes[id] = json["isRight"] == true ? .right : .wrong(json["seen"]?.string ?? "")
        }
        return outcomes
    }
}
