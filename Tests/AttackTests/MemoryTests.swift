import Foundation
import Glibc
import PythonProtocol
import SandboxProtocol
import Testing

extension AttackTests {
    /// That what a session holds is counted as its own, also where another process holds it.
    ///
    /// Without a pool, so that there is no group but the session's.
    @Suite(.serialized, .worker(.init(options: ["--pool": "0"]))) struct Memory {
        private static let piece = [UInt8](repeating: 7, count: 8 << 20)

        private static var hasGroups: Bool { FileManager.default.isWritableFile(atPath: "/sys/fs/cgroup/memory") }

        @Test(.enabled(if: hasGroups, "control groups cannot be written here"))
        func `files put into a session count in its group`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                _ = try await client.run("1")
                let before = Host.memoryOfGroups(of: worker.pid)
                for name in ["a", "b", "c", "d"] {
                    let answer = try await client.files(.write(path: Array(name.utf8), content: Self.piece))
                    try #require(answer.code == 0)
                }
                let grown = Host.memoryOfGroups(of: worker.pid) - before
                #expect(grown > 31 << 20)
                Report.add("rt-upload-memory", outcome: "the group grew by \(grown >> 20) MiB of 32", problems: [])
            }
        }

        @Test(.enabled(if: hasGroups, "control groups cannot be written here"))
        func `an unfinished frame counts in the session's group`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                let cell = """
                    import os
                    for fd in range(900, 910):
                        try: os.write(fd, b'\\0\\0\\x80\\0\\1')
                        except OSError: continue
                        for _ in range(128): os.write(fd, bytes(1 << 16 if _ < 127 else 1000))
                        break
                    """
                _ = try await client.run("1")
                let before = Host.memoryOfGroups(of: worker.pid)
                try await client.send(.run(.init(timeLimitMilliseconds: 3000, source: Array(cell.utf8))))
                let isCounted = eventually { Host.memoryOfGroups(of: worker.pid) - before > 7 << 20 }
                let seen = try await client.observe(withinMilliseconds: 3000)
                #expect(isCounted, "\(seen.summary) \(seen.text)")
                Report.add("rt-supervisor-buffer", outcome: "7 MiB of 8 are the group's", problems: [])
            }
        }

        @Test(.enabled(if: hasGroups, "control groups cannot be written here"))
        func `what the kernel keeps for a session counts in its group`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                let cell = """
                    import fcntl, os, socket
                    kept, written = [], 0
                    def fill(file):
                        global written
                        os.set_blocking(file, False)
                        try:
                            while True: written += os.write(file, bytes(1 << 16))
                        except BlockingIOError: pass
                    for _ in range(150):
                        kept.append(socket.socketpair())
                        fill(kept[-1][0].fileno())
                    for _ in range(40):
                        kept.append(os.pipe())
                        fcntl.fcntl(kept[-1][1], 1031, 1 << 18)
                        fill(kept[-1][1])
                    print(written)
                    """
                _ = try await client.run("1")
                let before = Host.memoryOfGroups(of: worker.pid)
                let seen = try await client.run(cell)
                let written = try #require(Int(seen.text.dropLast()), "\(seen.text)")
                let grown = Host.memoryOfGroups(of: worker.pid) - before
                #expect(written > 20 << 20 && grown > written)
                Report.add("kernel memory", outcome: "\(grown >> 20) MiB for \(written >> 20)", problems: [])
            }
        }

        @Test(.enabled(if: hasGroups, "control groups cannot be written here"))
        func `a file that does not fit beside what a session holds is refused, and variables stay`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                let hold = "import mmap\nm = mmap.mmap(-1, 470 << 20)\nfor i in range(0, len(m), 4096): m[i] = 1"
                try #require(try await client.run(hold).outcome?.end == .completed)
                var codes: [Int32?] = []
                for name in ["a", "b", "c", "d", "e"] {
                    codes.append(try await client.files(.write(path: Array(name.utf8), content: Self.piece)).code)
                }
                #expect(codes.contains(ENOSPC))
                #expect(try await client.run("print(len(m) >> 20)").text == "470\n")
                let release = "m.close()"
                try #require(try await client.run(release).outcome?.end == .completed)
                #expect(try await client.files(.write(path: Array("f".utf8), content: Self.piece)).code == 0)
            }
        }
    }

    /// The same for a user who cannot make control groups.
    @Suite(.serialized, .worker(.ordinaryUser), .enabled(if: TestWorker.isRoot, "it takes root to be another user"))
    struct MemoryOfOrdinaryUser {
        private static func touching(_ mebibytes: Int) -> String {
            """
            import mmap, time
            m = mmap.mmap(-1, \(mebibytes) << 20)
            for i in range(0, \(mebibytes) << 20, 4096): m[i] = 1
            time.sleep(0.3)
            print('held')
            """
        }

        @Test func `shared memory beyond the limit ends the interpreter, and less does not`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                #expect(try await client.run(Self.touching(300)).text == "held\n")
                let seen = try await client.run("m.close()\n" + Self.touching(2500))
                #expect(seen.outcome?.end == .died(.outOfMemory))
                #expect(try await client.run("print(1)").text == "1\n")
                Report.add("rl-shared-memory", outcome: seen.summary, problems: [])
            }
        }

        @Test func `a program that none may read, and so hides what it is, is counted all the same`() async throws {
            let worker = try #require(TestWorker.current)
            let cell = """
                import os, shutil, subprocess
                shutil.copy(os.path.realpath('/usr/bin/python3'), '/tmp/hidden')
                os.chmod('/tmp/hidden', 0o111)
                code = \"\"\"\(Self.touching(900)); time.sleep(20)\"\"\"
                print(subprocess.run(['/tmp/hidden', '-c', code]))
                """
            let seen = try await worker.session { try await $0.run(cell, limitMilliseconds: 15_000) }
            #expect(seen.outcome?.end == .died(.outOfMemory), "\(seen.summary): \(seen.text)")
        }

        @Test func `processes that together hold more than the limit are ended`() async throws {
            let worker = try #require(TestWorker.current)
            let cell = """
                import os, time
                for _ in range(4):
                    if os.fork() == 0:
                        b = b'x' * (200 << 20)
                        time.sleep(600)
                time.sleep(9)
                """
            let seen = try await worker.session { try await $0.run(cell, limitMilliseconds: 9500) }
            #expect(seen.outcome?.end == .died(.outOfMemory))
        }

        @Test func `forks that share what they hold are counted once`() async throws {
            let worker = try #require(TestWorker.current)
            let cell = """
                import os, time
                b = b'x' * (200 << 20)
                children = []
                for _ in range(6):
                    child = os.fork()
                    if child == 0:
                        time.sleep(0.5); os._exit(0)
                    children.append(child)
                print([os.waitpid(c, 0)[1] for c in children])
                """
            #expect(try await worker.session { try await $0.run(cell) }.text == "[0, 0, 0, 0, 0, 0]\n")
        }
    }
}

extension Host {
    /// What the kernel counts for the sessions of a worker, in bytes.
    static func memoryOfGroups(of worker: Int32) -> Int {
        let root = URL(filePath: "/sys/fs/cgroup/memory")
        guard let tree = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) else { return 0 }
        return tree.reduce(0) { sum, place in
            guard let place = place as? URL, place.path.contains("/harmonium-\(worker)/session-"),
                place.lastPathComponent == "memory.usage_in_bytes",
                let text = try? String(contentsOf: place, encoding: .utf8)
            else { return sum }
            return sum + (Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
        }
    }
}
