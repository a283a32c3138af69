import ContainerProtocol
import Foundation
import SandboxProtocol
import Testing

extension AttackTests {
    /// What the worker of containers does, and what it keeps in.
    @Suite(.serialized, .worker(.container)) struct Container {
        @Test func `commands run to their end, one after the other and in the same files`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.container { client in
                #expect(try await client.run(["true"]).outcome?.end == .exited(0))
                let seen = try await client.bash("echo hi; echo you >&2; exit 3")
                #expect(seen.text == "hi\nyou\n" && seen.outcome?.end == .exited(3))
                #expect(try await client.bash("kill -9 $$").outcome?.end == .signaled(9))
                #expect(try await client.bash("echo kept > /root/file; cd /tmp").outcome?.end == .exited(0))
                #expect(try await client.bash("pwd; cat /root/file; id -u; tty").text == "/\nkept\n0\nnot a tty\n")
                let other = try await client.run(["sh", "-c", "pwd; id -u"], in: "/tmp", as: "nobody")
                #expect(other.text == "/tmp\n65534\n")
                let written = try await client.bash("echo shared > /mnt/data/file")
                #expect(written.outcome?.end == .exited(0))
                #expect(try await client.file("file") == "shared\n")
            }
        }

        @Test func `what cannot be started says why, and the session goes on`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.container { client in
                #expect(try await client.run(["no-such"]).outcome?.end == .notStarted(.program(ENOENT)))
                #expect(try await client.run(["/etc/passwd"]).outcome?.end == .notStarted(.program(EACCES)))
                let lost = try await client.run(["true"], in: "/no-such")
                #expect(lost.outcome?.end == .notStarted(.workingDirectory(ENOENT)))
                #expect(try await client.run(["true"], as: "no-such").outcome?.end == .notStarted(.unknownUser))
                #expect(try await client.run(["echo", "on"]).text == "on\n")
            }
        }

        @Test func `a command with a terminal has its size, takes input and signals`() async throws {
            let worker = try #require(TestWorker.current)
            let words = [Array("bash".utf8), Array("--norc".utf8)]
            let shell = try #require(Command(words, terminal: TerminalSize(rows: 31, columns: 97)))
            try await worker.container { client in
                try await client.send(.start(7, shell))
                try await client.send(.input(7, Array("stty size; tty\n".utf8)))
                try await client.output(of: 7, has: "31 97\r\n/dev/pts/0")
                let size = try #require(TerminalSize(rows: 20, columns: 40))
                try await client.send(.resize(7, size))
                try await client.send(.input(7, Array("stty size; echo slee''ping; sleep 100\n".utf8)))
                try await client.output(of: 7, has: "20 40\r\nsleeping")
                // Ctrl-C, to the sleep in the foreground.
                try await client.send(.input(7, [3]))
                try await client.send(.input(7, Array("exit 5\n".utf8)))
                #expect(try await client.end(of: 7).outcome?.end == .exited(5))
            }
        }

        @Test func `commands run beside each other, and one that waits for input holds no other up`() async throws {
            let worker = try #require(TestWorker.current)
            let reader = try #require(Command(["cat"].map { Array($0.utf8) }))
            try await worker.container { client in
                try await client.send(.start(9, reader))
                #expect(try await client.run(["echo", "beside"]).text == "beside\n")
                try await client.send(.input(9, Array("one\n".utf8)))
                try await client.output(of: 9, has: "one\n")
                try await client.send(.endInput(9))
                let seen = try await client.end(of: 9)
                #expect(seen.text == "one\n" && seen.outcome?.end == .exited(0))
            }
        }

        @Test func `a time limit ends what a command started, and not what it put away`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.container { client in
                let script = "setsid sleep 1111 & sleep 2222 & trap '' TERM; echo out; sleep 3333; sleep 4444"
                let seen = try await client.bash(script, limitMilliseconds: 500)
                #expect(seen.text == "out\n" && seen.outcome?.stop == .timeLimit)
                #expect(seen.outcome?.end == .signaled(9))
                #expect(try await client.bash("pgrep -a sleep | cut -d' ' -f2-").text == "sleep 1111\n")
            }
        }

        @Test func `a child in the background does not hold a command up`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.container { client in
                let seen = try await client.bash("sleep 1000 & echo now")
                #expect(seen.text == "now\n" && seen.outcome?.end == .exited(0))
                let outcome = try #require(seen.outcome)
                #expect(outcome.microseconds < 10_000_000)
            }
        }

        private static func socket(_ kind: String) -> String { "python3 -c 'import socket; socket.socket(\(kind))'" }

        @Test(arguments: [
            ("mount -t tmpfs none /mnt && echo out", "true"),
            ("unshare --user true && echo out", "true"),
            ("mknod /tmp/kernel c 1 1 && echo out", "mknod /tmp/pipe p"),
            ("chroot / unshare --mount true && echo out", "chroot / true"),
            ("head -c1 /proc/1/environ && echo out", "head -c1 /proc/self/environ"),
            (socket("40, 1") + " && echo out", socket("1, 1")),
            (socket("2, 1") + " && echo out", socket("1, 2")),
            ("kill -9 1; sleep 0.2; test -d /proc/1 || echo out", "sleep 1 & kill -9 $!"),
            ("rm /dev/null && echo out", "echo > /dev/null"),
            ("tr -d '\\0' < /proc/1/cmdline | grep . && echo out", "tr -d '\\0' < /proc/self/cmdline | grep ."),
            ("grep . /proc/kallsyms /proc/cmdline /proc/modules && echo out", "grep MemTotal /proc/meminfo"),
            ("echo 1 > /proc/sys/vm/overcommit_memory && echo out", "cat /proc/sys/vm/overcommit_memory"),
            ("test $(sed -n 's/MemTotal: *//p' /proc/meminfo | cut -d' ' -f1) != 524288 && echo out", "free"),
        ])
        func `root of a session does not get out`(attack: String, control: String) async throws {
            let worker = try #require(TestWorker.current)
            try await worker.container { client in
                let attacked = try await client.bash(attack)
                #expect(attacked.outcome != nil && !attacked.text.hasSuffix("out\n"), "\(attacked.text)")
                let allowed = try await client.bash(control)
                #expect(allowed.outcome?.end == .exited(0), "\(allowed.text)")
            }
        }

        @Test func `what fills disk, memory or the table of processes ends, and the session goes on`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.container { client in
                #expect(try await client.bash("head -c 1G /dev/zero > /big").outcome?.end == .exited(1))
                #expect(try await client.bash("rm /big; head -c 1M /dev/zero > /small").outcome?.end == .exited(0))
                let hungry = try await client.run(["python3", "-c", "l = []\nwhile 1: l.append(b'1' * (1 << 24))"])
                #expect(hungry.outcome?.end != .exited(0) && hungry.outcome != nil)
                _ = try await client.bash("b() { b | b & }; b; sleep 1", limitMilliseconds: 2000)
                #expect(try await client.bash("kill -9 -1").outcome?.end == .exited(0))
                #expect(try await client.run(["echo", "on"]).text == "on\n")
            }
        }

        @Test func `more commands at a time than may run are refused`() async throws {
            let worker = try #require(TestWorker.current)
            let waiting = try #require(Command(["cat"].map { Array($0.utf8) }))
            try await worker.container { client in
                for number in UInt32(0)..<65 { try await client.send(.start(100 + number, waiting)) }
                #expect(try await client.end(of: 164).outcome?.end == .notStarted(.tooManyCommands))
                for number in UInt32(0)..<64 { try await client.send(.stop(100 + number)) }
                for number in UInt32(0)..<64 {
                    let outcome = try await client.end(of: 100 + number).outcome
                    #expect(outcome?.end == .signaled(15) && outcome?.stop == .request)
                }
            }
        }

        fileprivate static let patch = "*** Begin Patch\n*** Update File: FILE\n@@\n-one\n+two\n*** End Patch\n"

        @Test(arguments: ["a.txt", "/root/a.txt"])
        func `apply_patch edits files, by its input or its argument, and fails on what it cannot`(file: String)
            async throws
        {
            let worker = try #require(TestWorker.current)
            let patch = Self.patch.replacing("FILE", with: file)
            try await worker.container { client in
                let edit = "cd; echo one > a.txt; apply_patch <<'EOF'\n\(patch)EOF\necho $?; cat a.txt"
                #expect(try await client.bash(edit).text == "Done!\n0\ntwo\n")
                let again = try await client.bash("cd; apply_patch '\(patch)'")
                #expect(again.outcome?.end == .exited(1) && again.text.contains("No file was changed."))
                let argument = try await client.run([
                    "bash", "-lc", "cd; echo one > a.txt; apply_patch '\(patch)'; cat a.txt",
                ])
                #expect(argument.text == "Done!\ntwo\n")
                let stranger = try await client.run(
                    [
                        "sh", "-c",
                        "cd /tmp && echo one > a.txt && apply_patch '\(Self.patch.replacing("FILE", with: "a.txt"))'",
                    ],
                    as: "nobody"
                )
                #expect(stranger.text == "Done!\n")
            }
        }

        @Test func `root of a session writes where it likes, and for itself alone`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.container { client in
                let script = """
                    set -e
                    for place in / /usr /usr/bin /usr/lib /etc /etc/alternatives /var/lib /var/lib/dpkg /opt /srv; do
                        echo mine > $place/mine; rm $place/mine
                    done
                    echo 'echo replaced' > /usr/bin/true.new; chmod +x /usr/bin/true.new; mv /usr/bin/true.new /usr/bin/true
                    /usr/bin/true; find /usr /var -type f ! -perm -o=r | head
                    rm -r /usr/share/doc; mkdir /usr/share/doc; ls -ld /usr /etc / | cut -d' ' -f3,4
                    """
                #expect(try await client.bash(script).text == "replaced\nroot root\nroot root\nroot root\n")
                try await worker.container { other in
                    let seen = try await other.bash("/usr/bin/true && ls /usr/share/doc | head -1")
                    #expect(!seen.text.isEmpty && !seen.text.contains("replaced") && seen.outcome?.end == .exited(0))
                }
            }
        }

        @Test func `a session sees no file of another`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.container { first in
                _ = try await first.bash("echo secret | tee /tmp/a /dev/shm/b /mnt/data/c /usr/d > /etc/e")
                try await worker.container { second in
                    let seen = try await second.bash("cat /tmp/a /dev/shm/b /mnt/data/c /usr/d /etc/e; true")
                    #expect(!seen.text.contains("secret") && seen.outcome?.end == .exited(0))
                }
            }
        }
    }
    /// The same where the worker has no rights on this machine.
    @Suite(.serialized, .worker(.ordinaryContainer), .enabled(if: TestWorker.isRoot)) struct OrdinaryContainer {
        @Test func `root of a session makes files in every directory, and reads none that only some users may`()
            async throws
        {
            let worker = try #require(TestWorker.current)
            try await worker.container { client in
                let script = """
                    for place in / /usr /usr/bin /usr/local/bin /etc /etc/alternatives /var/lib /var/lib/dpkg /opt; do
                        echo mine > $place/mine && rm $place/mine || echo not in $place
                    done
                    echo 'echo replaced' > /usr/bin/true.new; chmod +x /usr/bin/true.new; mv /usr/bin/true.new /usr/bin/true
                    /usr/bin/true; find /usr /var -type f ! -perm -o=r | head
                    """
                let seen = try await client.bash(script)
                #expect(seen.text == "replaced\n")
                let patch =
                    "cd; echo one > a.txt; apply_patch '\(Container.patch.replacing("FILE", with: "a.txt"))'; cat a.txt"
                #expect(try await client.bash(patch).text == "Done!\ntwo\n")
            }
        }
    }
}
