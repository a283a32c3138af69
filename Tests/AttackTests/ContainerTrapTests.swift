import ContainerProtocol
import Foundation
import LinuxSystem
import SandboxProtocol
import Testing

extension AttackTests {
    /// What root of a container lays out for its supervisor, which acts on files and channels that are root's.
    @Suite(.serialized, .worker(.container)) struct ContainerTraps {
        private let worker: TestWorker

        init() throws { worker = try #require(TestWorker.current) }

        @Test func `a working directory is reached with the rights of the command, not of its supervisor`() async throws
        {
            try await worker.container { client in
                for place in ["root", "cwd"] + (0..<24).map({ "fd/\($0)" }) {
                    let seen = try await client.run(["pwd"], in: "/proc/1/\(place)")
                    guard case .notStarted(.workingDirectory)? = seen.outcome?.end else {
                        Issue.record("\(place): \(seen.text)")
                        continue
                    }
                }
                #expect(try await client.run(["pwd"], in: "/proc/self/root").outcome?.end == .exited(0))
                let closed = try await client.bash("mkdir -m 700 /root/own")
                #expect(closed.outcome?.end == .exited(0))
                #expect(try await client.run(["true"], in: "/root/own").outcome?.end == .exited(0))
                let other = try await client.run(["true"], in: "/root/own", as: "1234")
                #expect(other.outcome?.end == .notStarted(.workingDirectory(EACCES)))
            }
        }

        @Test(arguments: [
            "mkfifo /etc/passwd", "ln -s /dev/zero /etc/passwd", "mkdir /etc/passwd", "truncate -s 800M /etc/passwd",
            "ln -s /etc/passwd /etc/passwd", "ln -s /proc/1/environ /etc/passwd",
            "head -c 4M /dev/urandom > /etc/passwd",
            "yes root:x:7:7 | head -c 2M > /etc/passwd", "true",
        ])
        func `a table of users that is a trap holds no command up, and root is root without it`(
            trap: String
        ) async throws {
            try await worker.container { client in
                #expect(try await client.bash("rm /etc/passwd; \(trap)").outcome?.end == .exited(0))
                let named = try await client.run(["id", "-u"], as: "daemon", limitMilliseconds: 5000)
                #expect(named.outcome?.end == .notStarted(.unknownUser) && named.outcome?.stop == nil)
                #expect(try await client.run(["id", "-u"]).text == "0\n")
                #expect(try await client.run(["id", "-u"], as: "1234").text == "1234\n")
            }
        }

        @Test(arguments: ["4294967295", "0:4294967295", "-1", "1234:-1", "99999999999"])
        func `a number that would leave the user as it is names none`(user: String) async throws {
            try await worker.container { client in
                let seen = try await client.run(["id"], as: user)
                #expect(seen.outcome?.end == .notStarted(.unknownUser), "\(seen.text)")
            }
        }

        @Test(arguments: [
            ("ln -s /mnt/data /tmp", true), ("ln -s /proc/1/fd /tmp", false), ("ln -s /proc/self/fd /tmp", false),
            ("ln -s /dev/pts /tmp", false), ("true", false), ("mkdir /tmp; mkfifo /tmp/output-1.txt", false),
            ("mkdir /tmp; ln -s /etc/passwd /tmp/output-1.txt", false), ("mkdir -m 0 /tmp", true),
        ])
        func `a place for kept output that is a trap costs the file, and no output`(
            trap: String,
            isKept: Bool
        ) async throws {
            let words = ["bash", "-c", "mv /tmp /old; \(trap); seq 5000"].map { Array($0.utf8) }
            let command = try #require(Command(words, timeLimitMilliseconds: 20_000, keptBeyondBytes: 100))
            try await worker.container { client in
                try await client.send(.start(1, command))
                let seen = try await client.end(of: 1)
                #expect(seen.text.hasSuffix("4999\n5000\n") && seen.text.hasPrefix("1\n2\n"))
                #expect(seen.outcome?.end == .exited(0))
                #expect(seen.outcome?.keptOutput.isEmpty == !isKept)
                #expect(try await client.bash("grep -q root /etc/passwd").outcome?.end == .exited(0))
            }
        }

        @Test func `floods that are not read, and input that is not, take no memory of the supervisor's`() async throws
        {
            try await worker.container { client in
                _ = try await client.run(["true"])
                let words = { (script: String) in ["bash", "-c", script].map { Array($0.utf8) } }
                let size = try #require(TerminalSize(rows: 24, columns: 80))
                let reader = try #require(Command(words("sleep 1000")))
                for number in UInt32(10)..<14 {
                    let flood = try #require(Command(words("yes"), terminal: number % 2 == 0 ? size : nil))
                    try await client.send(.start(number, flood))
                }
                try await client.send(.start(20, reader))
                let most = [UInt8](repeating: 120, count: ContainerRequest.inputBytesMax)
                try await client.send(.input(20, most))
                try await client.wait { $0.takenInputBytes > 0 }
                let supervisors = Host.descendants(of: worker.pid).filter { Host.name(of: $0) == "supervisor" }
                #expect(!supervisors.isEmpty)
                for process in supervisors { #expect(Host.residentBytes(of: process) < 96 << 20) }
                for number in [10, 11, 12, 13, 20] as [UInt32] { try await client.send(.stop(number)) }
                for number in [10, 11, 12, 13, 20] as [UInt32] { _ = try await client.end(of: number) }
                #expect(try await client.run(["echo", "on"]).text == "on\n")
            }
        }

        /// Counts in a file, each number in a process of its own that then ends.
        private static let chain = """
            python3 - > /dev/null 2>&1 <<'END'
            import os
            number, file = 0, os.open('/mnt/data/count', os.O_CREAT | os.O_WRONLY)
            while True:
                number += 1
                os.pwrite(file, b'%012d' % number, 0)
                if os.fork(): os._exit(0)
            END
            """

        @Test func `a chain of processes, each of which lives for a moment, stands still while frozen`() async throws {
            try await worker.container { client in
                _ = try await client.bash(Self.chain)
                var counts: Set<String> = []
                // The control: it counts while the session is used.
                while counts.count < 3 { if let count = try await client.file("count") { counts.insert(count) } }
                try await client.send(.freeze)
                let frozen = try await client.file("count")
                for _ in 0..<300 { #expect(try await client.file("count") == frozen) }
                #expect(try await client.run(["echo", "on"]).text == "on\n")
                while try await client.file("count") == frozen {}
            }
        }

        @Test func `output beyond the limit ends a command, but not one on a terminal`() async throws {
            let size = try #require(TerminalSize(rows: 24, columns: 80))
            let words = ["bash", "-c", "head -c 12000000 /dev/zero | tr '\\0' x; echo; echo all; exit 7"]
            let flood = { (terminal: TerminalSize?) in Command(words.map { Array($0.utf8) }, terminal: terminal) }
            try await worker.container { client in
                try await client.send(.start(1, try #require(flood(size))))
                let drained = try await client.end(of: 1)
                #expect(drained.outcome?.end == .exited(7) && drained.outcome?.stop == nil)
                #expect(drained.output.count > 12_000_000 && drained.text.hasSuffix("x\r\nall\r\n"))
                try await client.send(.start(2, try #require(flood(nil))))
                #expect(try await client.end(of: 2).outcome?.stop == .outputLimit)
            }
        }

        @Test func `without a pseudo-terminal left a command on one is refused, and others run`() async throws {
            let words = ["cat"].map { Array($0.utf8) }
            let onTerminal = try #require(Command(words, terminal: TerminalSize(rows: 24, columns: 80)))
            try await worker.container { client in
                let script =
                    "python3 -c 'import os, time\ntry:\n  while 1: os.openpty()\nexcept OSError: time.sleep(1000)'"
                _ = try await client.bash("\(script) & until [ $(ls /dev/pts | wc -l) -ge 65 ]; do :; done")
                try await client.send(.start(5, onTerminal))
                #expect(try await client.end(of: 5).outcome?.end == .notStarted(.resources(ENOSPC)))
                #expect(try await client.run(["echo", "on"]).text == "on\n")
                // The control: one that is free again can be had, whatever the session does to where they are.
                let attack =
                    "pkill python3; while pgrep python3; do :; done; rm -rf /dev/pts; mv /dev /dev2; mkfifo /dev"
                #expect(try await client.bash(attack).outcome != nil)
                try await client.send(.start(6, onTerminal))
                try await client.send(.endInput(6))
                #expect(try await client.end(of: 6).outcome?.end == .exited(0))
            }
        }

        @Test func `kept output does not fill the session's files, and the newest stays`() async throws {
            let words = ["head", "-c", "3500000", "/dev/zero"].map { Array($0.utf8) }
            let command = try #require(Command(words, timeLimitMilliseconds: 20_000, keptBeyondBytes: 100))
            let small = TestWorker.Way(options: ["--disk-bytes": "\(32 << 20)"], program: "harmonium-container")
            let worker = try TestWorker(small)
            defer { worker.removeDirectory() }
            try await worker.container { client in
                for number in UInt32(1)...6 {
                    try await client.send(.start(number, command))
                    let outcome = try await client.end(of: number).outcome
                    #expect(outcome?.keptOutput == Array("/tmp/output-\(number).txt".utf8))
                }
                let left = try await client.bash("ls /tmp; wc -c < /tmp/output-6.txt")
                #expect(left.text == "output-5.txt\noutput-6.txt\n3500000\n")
            }
            #expect(try worker.end() == 0)
        }

        @Test func `a session's processes do not name places of the machine`() async throws {
            try await worker.container { client in
                let seen = try await client.bash("cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' ' '").text
                #expect(seen.contains("cmdline") && !seen.contains("socket") && !seen.contains("sandbox"), "\(seen)")
            }
        }

        @Test func `a session does not see which control groups it is in`() async throws {
            let own = try LinuxSystem.Files.readText("/proc/\(worker.pid)/cgroup").split(separator: "\n").compactMap {
                $0.split(separator: ":").last
            }
            try await worker.container { client in
                let seen = try await client.bash("cat /proc/self/cgroup /proc/1/cgroup").text
                #expect(seen.contains(":/"))
                for path in own where path.count > 1 { #expect(!seen.contains(path), "\(seen)") }
            }
        }
    }
}

extension Host {
    /// The name that a process has given itself; empty once it is gone.
    static func name(of process: Int32) -> String {
        ((try? Files.readText("/proc/\(process)/comm")) ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The private memory of a process, in bytes; 0 once it is gone.
    static func residentBytes(of process: Int32) -> Int {
        let lines = ((try? Files.readText("/proc/\(process)/status")) ?? "").split(separator: "\n")
        let words = lines.first { $0.hasPrefix("RssAnon:") }?.split(whereSeparator: \.isWhitespace) ?? []
        return words.count > 1 ? (Int(words[1]) ?? 0) << 10 : 0
    }
}
