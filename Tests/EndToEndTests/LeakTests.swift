import AsyncHTTPClient
import Foundation
import Glibc
import JSON
import LinuxSystem
import MCP
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    @Suite struct LeakTests {
        private static let arguments = [
            "--set", "python.time-limit-seconds=1", "--set", "python.grace-seconds=0",
            "--set", "python.output-mib=1", "--set", "python.idle-seconds=2", "--set", "python.pool=2",
        ]

        @Test func `what a daemon holds is the same before and after much use and abuse`() async throws {
            try await Daemon.run(Self.arguments) { daemon in
                // Whatever is made once and kept is made now.
                try await Self.useAndAbuse(daemon, rounds: 1)
                let before = try await Self.settled(daemon)
                let memory = try daemon.residentBytes()
                try await Self.useAndAbuse(daemon, rounds: 8)
                var after = try await Holdings(of: daemon)
                _ = try await eventually(within: .seconds(30)) {
                    after = try await Holdings(of: daemon)
                    return after == before
                }
                #expect(after == before)
                #expect(try daemon.residentBytes() - memory < 48 << 20)
            }
        }

        @Test func `counting shows what is held`() async throws {
            try await Daemon.run(Self.arguments) { daemon in
                let before = try await Self.settled(daemon)
                var running = try await daemon.begin(.hanging(in: nil), over: .legacy)
                _ = try await running.message()
                let isSeen = try await eventually {
                    let during = try await Holdings(of: daemon)
                    return during.descriptors > before.descriptors && during.processes > before.processes
                        && (during.groups > before.groups || before.groups == 0)
                }
                #expect(isSeen)
            }
        }

        /// Waits until unused sessions are gone, and the pool is full again.
        private static func settled(_ daemon: Daemon) async throws -> Holdings {
            var last = try await Holdings(of: daemon)
            var sameInARow = 0
            _ = try await eventually(within: .seconds(30)) {
                let now = try await Holdings(of: daemon)
                sameInARow = now == last && now.sessions == 0 ? sameInARow + 1 : 0
                last = now
                return sameInARow == 10
            }
            #expect(sameInARow == 10, "never settled: \(last)")
            return last
        }

        private static func useAndAbuse(_ daemon: Daemon, rounds: Int) async throws {
            // A client of its own, whose connections end with it.
            try await daemon.withFreshClient { daemon in
                for round in 0..<rounds {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for (index, code) in Abuse.cells.enumerated() {
                            let transport = Transport.allCases[(index + round) % 3]
                            let session = index % 4 == 0 ? nil : "leak-\(round)-\(index)"
                            let call = Call(code: code, session: session, progressToken: index % 2 == 0 ? 1 : nil)
                            group.addTask { _ = try await daemon.call(call, over: transport) }
                        }
                        group.addTask { try await Abuse.hangUp(on: daemon, round: round) }
                        group.addTask { try await Abuse.sendNonsense(to: daemon) }
                        try await group.waitForAll()
                    }
                    for index in Abuse.cells.indices where index % 3 == 0 {
                        _ = try await daemon.call(.cleanUp("leak-\(round)-\(index)"))
                    }
                }
            }
        }
    }
}

/// What could leak, counted.
private struct Holdings: Equatable, Sendable {
    let descriptors: Int
    let workerDescriptors: Int
    let processes: Int
    let groups: Int
    let mounts: Int
    let workerMounts: Int
    let files: [String]
    let sessions: Int?

    init(of daemon: Daemon) async throws {
        let worker = try await daemon.worker().pid
        groups = try await ControlGroups.made(byWorker: worker).count
        sessions = try await daemon.withFreshClient { try await $0.sessionCount() }
        descriptors = daemon.descriptorCount()
        workerDescriptors = Files.names(in: "/proc/\(worker)/fd").count
        processes = ProcessEntry.descendants(of: daemon.pid).count
        // Other programs mount too; only what names us is ours.
        mounts = try Self.mounts(of: getpid()).count { $0.contains(daemon.runtimeDirectory.path) }
        workerMounts = try Self.mounts(of: worker).count
        files = daemon.runtimeDirectory.contents.sorted()
    }

    private static func mounts(of pid: Int32) throws -> [Substring] {
        try Files.readText("/proc/\(pid)/mounts").split(separator: "\n")
    }
}

/// What clients and cells do to a daemon.
private enum Abuse {
    static let cells = [
        "6 * 7", "1 / 0", "syntax error", "print('x' * 100_000)", "open('/mnt/data/big', 'wb').write(bytes(10 << 20))",
        "import os; os._exit(1)", "import ctypes; ctypes.string_at(0)", "while True: print('x' * 1000)",
        "import subprocess; children = [subprocess.Popen(['sleep', '1000']) for _ in range(5)]",
        "import threading, time; threading.Thread(target=time.sleep, args=(1000,)).start()",
        "import os\nfor _ in range(100): os.open('/dev/null', 0)", "while True: pass",
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
        "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()", "import os\nif os.fork() == 0: os._exit(0)",
        "class Loud:\n    def __repr__(self): raise SystemExit\nLoud()",
    ]

    static func hangUp(on daemon: Daemon, round: Int) async throws {
        for transport in Transport.allCases where transport != .handshake {
            var events = try await daemon.begin(.hanging(in: "leak-hang-\(round)"), over: transport)
            _ = try await events.message()
        }
        _ = try await LegacyConnection(daemon, session: nil)
    }

    static func sendNonsense(to daemon: Daemon) async throws {
        for body in ["{", "[]", String(repeating: "x", count: 9 << 20)] {
            var request = HTTPClientRequest(url: "\(daemon.base)/python/mcp")
            request.method = .POST
            request.body = .bytes(Array(body.utf8))
            let response = try await daemon.http.execute(request, timeout: .seconds(30))
            #expect((400..<500).contains(response.status.code))
            _ = try await response.body.collect(upTo: 1 << 20)
        }
    }
}

extension Daemon {
    /// The same daemon as clients see it that connect again, and hang up at the end.
    func withFreshClient<Value: Sendable>(_ body: (Daemon) async throws -> Value) async throws -> Value {
        try await HTTPClient.withHTTPClient(configuration: Self.clientConfiguration) { http in
            try await body(
                Daemon(pid: pid, port: port, runtimeDirectory: runtimeDirectory, log: log, http: http)
            )
        }
    }
}
