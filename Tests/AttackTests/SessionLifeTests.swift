import Foundation
import Glibc
import LinuxSystem
import PythonProtocol
import SandboxProtocol
import Testing

extension AttackTests {
    /// That a worker gets over sessions that do not end, do not begin or do not listen.
    @Suite(.serialized) struct SessionLife {
        /// Lends a worker to `body`, and sees to it that nothing of it is left.
        private static func withWorker(
            _ options: [String: String],
            _ body: (TestWorker) async throws -> Void
        ) async throws {
            let worker = try TestWorker(TestWorker.Way(options: options))
            defer { worker.removeDirectory() }
            let descendants = Host.descendants(of: worker.pid)
            try await body(worker)
            if worker.isRunning { #expect(try worker.end() == 0) }
            #expect(eventually { Host.areGone(descendants) }, "processes outlive their worker: \(descendants)")
        }

        private static func zygote(of worker: TestWorker) throws -> Int32 {
            try #require(
                Host.descendants(of: worker.pid).first { pid in
                    (try? LinuxSystem.Files.readText("/proc/\(pid)/comm")) == "zygote\n"
                }
            )
        }

        @Test func `a worker with sessions that never end gives up, so that another can begin`() async throws {
            // While the zygote does not wait for its children, no session can end.
            try await Self.withWorker(["--sessions": "8", "--pool": "2"]) { worker in
                let zygote = try Self.zygote(of: worker)
                try await worker.session { first in
                    try #require(try await first.run("print(1)").text == "1\n")
                    try await worker.session { second in
                        try #require(try await second.run("print(1)").text == "1\n")
                        kill(zygote, SIGSTOP)
                    }
                }
                #expect(eventually(within: .seconds(30)) { !worker.isRunning })
                #expect(eventually { Host.areGone([zygote]) })
            }
        }

        @Test func `every supervisor is under a filter of system calls, which the worker it is forked from is not`()
            async throws
        {
            try await Self.withWorker([:]) { worker in
                try await worker.session { client in
                    _ = try await client.run("print(1)")
                    let supervisors = Host.descendants(of: worker.pid).filter { pid in
                        (try? LinuxSystem.Files.readText("/proc/\(pid)/comm")) == "supervisor\n"
                    }
                    #expect(!supervisors.isEmpty)
                    for pid in supervisors { #expect(try Host.isFiltered(pid)) }
                    #expect(try !Host.isFiltered(worker.pid))
                }
            }
        }

        @Test func `a worker whose zygote is stuck ends all the same when it is asked to`() async throws {
            try await Self.withWorker([:]) { worker in
                let zygote = try Self.zygote(of: worker)
                try await worker.session { _ = try await $0.run("print(1)") }
                kill(zygote, SIGSTOP)
                let start = ContinuousClock.now
                #expect(try worker.end() == 0)
                #expect(ContinuousClock.now - start < .seconds(5))
            }
        }

        @Test func `those who wait where all sessions are taken cost the pool nothing, and get the next`() async throws
        {
            try await Self.withWorker(["--sessions": "1", "--pool": "1"]) { worker in
                let third = try await worker.session { first in
                    try #require(try await first.run("print(1)").text == "1\n")
                    return try await worker.session { second in
                        try #require(try await second.run("print(2)").text == "2\n")
                        // Ends once one of these two has.
                        let third = Task { try await worker.session { try await $0.run("print(3)").text } }
                        let before = try Host.processorTime(of: worker.pid)
                        var nothing: [PollEntry] = []
                        try LinuxSystem.poll(&nothing, timeoutMicroseconds: 500_000)
                        #expect(try Host.processorTime(of: worker.pid) - before < .milliseconds(50))
                        return third
                    }
                }
                #expect(try await third.value == "3\n")
            }
        }

        @Test func `an interrupt is heard while a stopped interpreter does not take its next cell`() async throws {
            try await Self.withWorker([:]) { worker in
                let cell = """
                    import os, signal, threading, time
                    threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGSTOP)).start()
                    """
                try await worker.session { client in
                    try #require(try await client.run(cell).outcome?.end == .completed)
                    let pid = worker.pid
                    try #require(eventually { Host.descendants(of: pid).contains { Host.state(of: $0) == "T" } })
                    let long = "#" + String(repeating: "x", count: 600_000)
                    try await client.send(.run(.init(timeLimitMilliseconds: 20_000, source: Array(long.utf8))))
                    try await client.send(.interrupt)
                    let seen = try await client.observe(withinMilliseconds: 20_000)
                    #expect(seen.outcome?.end == .died(.signaled(UInt8(SIGKILL))))
                    #expect(seen.outcome?.stop == .request)
                    #expect(seen.duration < .seconds(5))
                    #expect(try await client.run("print(1)").text == "1\n")
                }
            }
        }
    }
}

extension Host {
    /// How long a process has computed.
    static func processorTime(of pid: Int32) throws -> Duration {
        let fields = try statFields(of: pid)
        let ticks = fields[11...12].compactMap { Int($0) }
        try #require(ticks.count == 2)
        return .milliseconds(1000 * ticks.reduce(0, +) / sysconf(CInt(_SC_CLK_TCK)))
    }

    /// The letter that stands for what a process does, such as `T` for stopped; nil for a process that is gone.
    static func state(of pid: Int32) -> String? {
        (try? statFields(of: pid))?.first
    }

    /// Whether a filter decides on the system calls of a process.
    static func isFiltered(_ pid: Int32) throws -> Bool {
        try LinuxSystem.Files.readText("/proc/\(pid)/status").split(separator: "\n").contains("Seccomp:\t2")
    }

    /// What follows the name in the kernel's line about a process.
    private static func statFields(of pid: Int32) throws -> [String] {
        let line = try LinuxSystem.Files.readText("/proc/\(pid)/stat")
        let close = try #require(line.lastIndex(of: ")"))
        return line[close...].dropFirst(2).split(separator: " ").map(String.init)
    }
}
