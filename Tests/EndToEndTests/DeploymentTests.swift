import Foundation
import SystemPackage
import Testing

extension EndToEndTests {
    /// That what is shipped for operation fits the program.
    @Suite struct DeploymentTests {
        @Test(.enabled(if: geteuid() == 0, "only root has capabilities to give up"))
        func `the daemon starts with the capabilities that its unit leaves it`() async throws {
            let unit = try Unit()
            try await Daemon.run(["--set", "python.pool=1"], through: unit.launcher(without: [])) { daemon in
                let answer = try await daemon.call("6 * 7", in: "unit")
                #expect(answer.text == "42")
            }
        }

        @Test(
            .enabled(if: geteuid() == 0, "only root has capabilities to give up"),
            arguments: ["CAP_KILL", "CAP_SETPCAP", "CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_DAC_OVERRIDE"]
        )
        func `without one of them it says which is missing`(capability: String) async throws {
            let words = try Unit().launcher(without: [capability]) + [Program.harmonium.string, "serve", "--port", "0"]
            let outcome = try await Program.run("/usr/bin/env", words)
            #expect(outcome.exitCode != 0)
            #expect(outcome.errors.contains(capability))
        }

        @Test func `the page on deployment lists the capabilities of the unit`() throws {
            let page = try String(
                contentsOf: Program.packageRoot.appending(path: "docs/deployment.md"),
                encoding: .utf8
            )
            let listed = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
                .flatMap { $0.split(separator: "|")[0].matches(of: /`([A-Z_]+)`/).map { "CAP_\($0.1)" } }
            #expect(Set(listed) == Set(try Unit().capabilities))
        }
    }
}

/// What `deploy/harmonium.service` says.
private struct Unit {
    let capabilities: [String]

    init() throws {
        let file = Program.packageRoot.appending(path: "deploy/harmonium.service")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("CapabilityBoundingSet=") })
        capabilities = line.split(separator: "=")[1].split(separator: " ").map(String.init)
    }

    /// A command that leaves what it becomes with the unit's capabilities, less some.
    func launcher(without dropped: [String]) -> [String] {
        let kept = capabilities.filter { !dropped.contains($0) }.map { "+" + $0.dropFirst(4).lowercased() }
        return ["setpriv", "--bounding-set", (["-all"] + kept).joined(separator: ","), "--"]
    }
}
