import Foundation
import Testing

extension EndToEndTests {
    /// Machines of sessions that are not used.
    @Suite struct RestTests {
        private static let settings = [
            "--set", "server.tools=python,container", "--set", "python.pool=0", "--set", "container.idle-seconds=20",
        ]
        /// Counts in the background for as long as it runs.
        private static let counter = "while :; do echo x >> /root/ticks; sleep 0.01; done"

        private func exec(_ script: String, on daemon: Daemon) async throws -> String {
            let command = "{\"cmd\": [\"sh\", \"-c\", \"\(script)\"]}"
            return try await Program.run(
                ["call", "container.exec", command, "--session", "resting", "--url", daemon.base]
            ).output
        }

        @Test func `processes stand still while their session is not used, and then go on`() async throws {
            try await Daemon.run(Self.settings + ["--set", "container.freeze-seconds=1"]) { daemon in
                _ = try await exec("(\(Self.counter)) > /dev/null 2>&1 & echo begun", on: daemon)
                let counters = { ProcessEntry.descendants(of: daemon.pid).filter { $0.name == "sh" } }
                #expect(await eventually { counters().contains { $0.state != "T" } })
                #expect(await eventually { !counters().isEmpty && counters().allSatisfy { $0.state == "T" } })
                // The same process goes on: more is counted while a call runs.
                let grows = try await exec(
                    "a=$(wc -l < /root/ticks); while [ $(wc -l < /root/ticks) = $a ]; do :; done; echo grows",
                    on: daemon
                )
                #expect(grows == "grows\n\n")
            }
        }

        @Test func `processes end after a longer time, files stay, and the next call hears of it`() async throws {
            let times = ["--set", "container.freeze-seconds=1", "--set", "container.stop-seconds=2"]
            try await Daemon.run(Self.settings + times) { daemon in
                _ = try await exec("(\(Self.counter)) > /dev/null 2>&1 & echo begun", on: daemon)
                #expect(
                    await eventually { ProcessEntry.descendants(of: daemon.pid).allSatisfy { $0.name != "sh" } }
                )
                let notice = try await exec("wc -l < /root/ticks | grep -q '[1-9]' && echo kept", on: daemon)
                #expect(notice.contains("processes are gone, files are kept") && notice.contains("kept\n"))
                #expect(try await exec("echo once", on: daemon) == "once\n\n")
            }
        }
    }
}
