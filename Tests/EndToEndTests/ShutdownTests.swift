import Foundation
import Glibc
import JSON
import MCP
import Testing

extension EndToEndTests {
    /// How the daemon ends; every ``Daemon/run(_:exitCode:_:)`` checks that it leaves no process and no file.
    @Suite struct ShutdownTests {
        private static let slow = """
            import time
            print('begun', flush=True)
            time.sleep(1)
            print('done')
            """

        @Test(arguments: [(Transport.legacy, SIGTERM), (.handshake, SIGINT), (.stateless, SIGTERM)])
        func `a call in flight gets its result, and then the daemon ends`(
            transport: Transport,
            signal: Int32
        ) async throws {
            try await Daemon.run { daemon in
                let call = Call(code: Self.slow, session: "shutdown", progressToken: 1)
                var events = try await daemon.begin(call, over: transport)
                _ = try await events.message()
                let family = try await daemon.family()
                family[0].signal(signal)
                let answer = try await Answer(from: &events)
                #expect(answer.text == "begun\ndone")
                #expect(!answer.isError)
                for process in family { #expect(try await process.ends(within: .seconds(20))) }
            }
        }

        @Test func `a cell that does not end holds the daemon up no longer than it may`() async throws {
            try await Daemon.run(["--set", "http.drain-seconds=1"]) { daemon in
                var events = try await daemon.begin(.hanging(in: "shutdown"), over: .legacy)
                _ = try await events.message()
                let family = try await daemon.family()
                family[0].signal(SIGTERM)
                for process in family { #expect(try await process.ends(within: .seconds(10))) }
            }
        }

        @Test func `open streams without a call do not hold the daemon up`() async throws {
            try await Daemon.run { daemon in
                var connection = try await LegacyConnection(daemon, session: nil)
                let family = try await daemon.family()
                family[0].signal(SIGTERM)
                #expect(try await family[0].ends(within: .seconds(5)))
                #expect(try await connection.events.next() == nil)
            }
        }

        @Test func `no process outlives a daemon that is killed`() async throws {
            try await Daemon.run(exitCode: -SIGKILL) { daemon in
                let worker = try await daemon.worker().pid
                let child = "import subprocess; child = subprocess.Popen(['sleep', '1000'])"
                _ = try await daemon.call(child, in: "with a child")
                var running = try await daemon.begin(.hanging(in: "running", waiting: "pass"), over: .legacy)
                _ = try await running.message()
                let family = try await daemon.family()
                // The daemon, the worker and its zygote, two of each session, and the cell's child.
                #expect(family.count >= 8)
                family[0].signal(SIGKILL)
                for process in family { #expect(try await process.ends(within: .seconds(10))) }
                #expect(try await eventually { try await ControlGroups.made(byWorker: worker).isEmpty })
            }
        }

        @Test func `nothing of containers outlives a daemon that is killed and the start of the next`() async throws {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            let mark = "left-\(UUID())"
            let settings = ["--set", "server.tools=container", "--set", "container.freeze-seconds=1"]
            let worker = try await Daemon.run(settings, in: home, exitCode: -SIGKILL) { daemon in
                let worker = try await daemon.worker(of: "container").pid
                let scripts = [
                    "frozen": "while :; do :; done", "forking": "f() { f | f & }; f",
                    "moving": "while :; do mkdir /root/a; mv /root/a /root/b; rm -r /root/b; done",
                ]
                for (name, script) in scripts {
                    let begun = "(: \(mark); \(script)) > /dev/null 2>&1 & echo begun"
                    #expect(try await daemon.bash(begun, in: name).text == "begun\n")
                }
                _ = try await daemon.call(.exec(["yes", mark], in: "flooding", ["session_name": "t"]))
                let left = { ProcessEntry.all(naming: mark) }
                #expect(await eventually { left().contains { $0.state == "T" } })
                _ = try await daemon.bash("true", in: "moving")
                let processes = left().compactMap { try? HeldProcess($0.pid) }
                #expect(processes.count >= 4)
                try HeldProcess(daemon.pid).signal(SIGKILL)
                for process in processes { #expect(try await process.ends(within: .seconds(10))) }
                // Those that were forked meanwhile too.
                #expect(await eventually { left().isEmpty })
                return worker
            }
            try await Daemon.run(settings, in: home) { daemon in
                #expect(try await daemon.bash("echo on", in: "next").text == "on\n")
                #expect(try await ControlGroups.made(byWorker: worker).isEmpty)
                #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).count == 1)
                let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
                #expect(!mounts.contains(home.path))
            }
        }

        @Test func `what a killed daemon left is removed by the next`() async throws {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            try await Daemon.run(in: home, exitCode: -SIGKILL) { daemon in
                let family = try await daemon.family()
                family[0].signal(SIGKILL)
                for process in family { #expect(try await process.ends(within: .seconds(10))) }
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: home.path)
            #expect(left.count == 1)
            try await Daemon.run(in: home) { _ in
                let directories = try FileManager.default.contentsOfDirectory(atPath: home.path)
                #expect(directories.count == 1 && directories != left)
            }
        }
    }
}
