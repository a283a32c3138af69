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
