import Foundation
import JSON
import MCP
import Testing

extension EndToEndTests {
    /// Programs on terminals of a container, driven by `exec` with a name and `feed_chars`.
    @Suite(.daemon()) struct ContainerTerminalTests {
        private let daemon: Daemon
        private let session = "test-\(UUID())"

        init() throws { daemon = try #require(Daemon.shared) }

        private func open(_ words: [String] = ["bash", "--norc"], as name: String = "shell") async throws -> Answer {
            try await daemon.call(.exec(words, in: session, ["session_name": .string(name)]))
        }

        @Test func `a shell shows its prompt, has a size and keeps its state`() async throws {
            #expect(try await open().text.contains("bash-"))
            let size = try await daemon.type("stty size; tty\n", on: "shell", in: session, until: "/dev/pts/")
            #expect(size.contains("24 80\n/dev/pts/0"))
            try await daemon.type("cd /mnt/data; x=6\n", on: "shell", in: session, until: "bash-")
            let kept = try await daemon.type("echo $PWD $((x * 7))\n", on: "shell", in: session, until: "/mnt/data 42")
            #expect(!kept.contains("\r") && !kept.contains("\u{1B}"))
        }

        @Test func `raw text has the sequences that clean text leaves out`() async throws {
            _ = try await open(["cat"])
            let typed = "\u{16}\u{1B}[31mred"
            let clean = try await daemon.type(typed + "\n", on: "shell", in: session, until: "red\n")
            #expect(!clean.contains("\u{1B}"))
            let arguments: JSONObject = [
                "session_name": "shell", "chars": .string(typed + "\n"), "yield_time_ms": 500, "raw": true,
            ]
            let raw = Call(session: session, namespace: "container", tool: "feed_chars", arguments: arguments)
            #expect(try await daemon.call(raw).text.contains("\u{1B}[31mred\r\n"))
        }

        @Test func `control characters interrupt, suspend and end what runs in a terminal`() async throws {
            _ = try await open()
            try await daemon.type("sleep 1000; echo st=$?\n", on: "shell", in: session, until: "sleep 1000")
            try await daemon.type("\u{3}", on: "shell", in: session, until: "^C")
            try await daemon.type("echo go''ne\n", on: "shell", in: session, until: "gone")
            try await daemon.type("sleep 1000\n", on: "shell", in: session, until: "sleep 1000")
            try await daemon.type("\u{1A}", on: "shell", in: session, until: "Stopped")
            try await daemon.type("kill -9 %1; cat; echo read''\n", on: "shell", in: session, until: "read''")
            let ended = try await daemon.type("\u{4}", on: "shell", in: session, until: "read\n")
            #expect(ended.contains("read\n"))
        }

        @Test func `a terminal says how its program ended, and its name may be taken again`() async throws {
            _ = try await open()
            let double = try await open()
            #expect(double.isError && double.text.contains("A session named `shell` already exists"))
            try await daemon.type("exit 7\n", on: "shell", in: session, until: "[session ended, exit code 7]")
            let gone = try await daemon.call(.feed("echo x\n", to: "shell", in: session))
            #expect(gone.isError && gone.text.contains("There is no session named `shell`"))
            #expect(try await open(["cat"]).text == "[no output yet]")
            try await daemon.type("again\n", on: "shell", in: session, until: "again\nagain")
        }

        @Test func `python on a terminal answers line by line`() async throws {
            _ = try await open(["python3", "-q"], as: "py")
            let shown = try await daemon.type("6 * 7\n", on: "py", in: session, until: "42")
            #expect(shown.contains("42\n>>> "))
            try await daemon.type("exit()\n", on: "py", in: session, until: "[session ended, exit code 0]")
        }

        @Test func `names that are none, and terminals that are not there, are refused`() async throws {
            for name in ["../x", "a b", "\u{1B}[2J", "ü", String(repeating: "n", count: 65)] {
                let answer = try await open(["true"], as: name)
                #expect(answer.isError && answer.text.contains("has to be 1 to 64 letters"))
                #expect(!answer.text.contains(name))
            }
            #expect(try await daemon.call(.feed("x", to: "none", in: session)).isError)
        }

        @Test func `a terminal's program that is flooded by itself is cut, and can be interrupted`() async throws {
            _ = try await open()
            let flood = try await daemon.call(.feed("yes\n", to: "shell", in: session, waiting: 500))
            #expect(flood.text.utf8.count < 40_000)
            let shown = try await daemon.type("\u{3}", on: "shell", in: session, until: "^C")
            #expect(shown.contains("^C"))
            try await daemon.type("echo al''ive\n", on: "shell", in: session, until: "alive")
        }
    }
}
