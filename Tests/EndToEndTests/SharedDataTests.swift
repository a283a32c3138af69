import AsyncHTTPClient
import Foundation
import Glibc
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// The data directory of a session that python and container have.
    @Suite(.daemon("--set", "server.tools=python,container"))
    struct SharedDataTests {
        private let trial: SharedDataTrial

        init() throws { trial = SharedDataTrial(daemon: try #require(Daemon.shared)) }

        @Test func `both tools have one data directory, whichever came first`() async throws {
            try await trial.pythonFirst()
            try await trial.containerFirst()
        }

        @Test func `both may begin at the same time`() async throws {
            try await trial.atOnce()
        }

        @Test func `the directory lives as long as one of them, and goes with the last`() async throws {
            try await trial.lives()
        }

        @Test func `a branch of the container has the files that python wrote`() async throws {
            let session = trial.newSession()
            _ = try await trial.exec("true", in: session)
            _ = try await trial.python("open('a', 'w').write('of python')", in: session)
            let place = ["--url", trial.daemon.base]
            let branch = try await Program.run(["sessions", "branch", session, "\(session)-2"] + place)
            #expect(branch.exitCode == 0, "\(branch.errors)")
            #expect(try await trial.exec("cat /mnt/data/a", in: "\(session)-2") == "of python")
            _ = try await trial.exec("rm /mnt/data/a", in: "\(session)-2")
            #expect(try await trial.python("open('a').read()", in: session) == "'of python'")
        }

        @Test func `sessions of other names have directories of their own`() async throws {
            let (one, other) = (trial.newSession(), trial.newSession())
            _ = try await trial.exec("echo secret > /mnt/data/a", in: one)
            _ = try await trial.python("open('b', 'w').write('mine')", in: other)
            #expect(try await trial.python("import os; os.listdir('/mnt/data')", in: other) == "['b']")
            #expect(try await trial.exec("ls /mnt/data", in: one) == "a\n")
        }

        @Test func `set-user bits and devices mean nothing on the way from one to the other`() async throws {
            let session = trial.newSession()
            _ = try await trial.python("1", in: session)
            let made = try await trial.exec(
                "cp /usr/bin/id /mnt/data/id; chmod 6755 /mnt/data/id; mknod /mnt/data/null c 1 3 2>&1; stat -c %a /mnt/data/id",
                in: session
            )
            #expect(made.contains("not permitted") && made.hasSuffix("6755\n"), "\(made)")
            let seen = try await trial.python(
                "import subprocess; print(subprocess.run(['./id', '-u'], capture_output=True, text=True).stdout)",
                in: session
            )
            #expect(seen.hasPrefix("1000"), "\(seen)")
        }
    }

    /// The same where the daemon is an ordinary user's.
    @Suite(
        .daemon("--set", "server.tools=python,container", asUser: 1235),
        .enabled(if: geteuid() == 0, "it takes root to be another user")
    )
    struct OrdinarySharedDataTests {
        @Test func `both tools have one data directory without root's rights too`() async throws {
            let trial = SharedDataTrial(daemon: try #require(Daemon.shared))
            try await trial.pythonFirst()
            try await trial.containerFirst()
            try await trial.lives()
        }
    }
}

/// What is expected of a data directory that two tools have.
struct SharedDataTrial: Sendable {
    let daemon: Daemon

    func newSession() -> String { "shared-\(UUID())" }

    func exec(_ script: String, in session: String) async throws -> String {
        try await Program.run(["exec", "--url", daemon.base, "--session", session, "--", "sh", "-c", script]).output
    }

    func python(_ cell: String, in session: String) async throws -> String {
        try await daemon.call(cell, in: session).text
    }

    func pythonFirst() async throws {
        let session = newSession()
        _ = try await python("open('a', 'w').write('of python')", in: session)
        #expect(
            try await exec("cat /mnt/data/a; echo more >> /mnt/data/a; echo new > /mnt/data/b", in: session)
                == "of python"
        )
        #expect(try await python("open('a').read(), open('b').read()", in: session) == "('of pythonmore\\n', 'new\\n')")
        #expect(
            try await python("open('b', 'a').write('!'); import os; os.remove('a'); os.listdir()", in: session)
                == "['b']"
        )
        #expect(try await exec("cat /mnt/data/b; ls /mnt/data", in: session) == "new\n!b\n")
    }

    func containerFirst() async throws {
        let session = newSession()
        _ = try await exec("mkdir /mnt/data/sub; echo one > /mnt/data/sub/a", in: session)
        #expect(try await python("open('sub/a').read()", in: session) == "'one\\n'")
        _ = try await python("open('sub/a', 'a').write('two'); open('c', 'w').write('3')", in: session)
        #expect(try await exec("cat /mnt/data/sub/a /mnt/data/c", in: session) == "one\ntwo3")
        // The working directory of cells is the one that is shared.
        #expect(
            try await python("import os; os.getcwd(), sorted(os.listdir())", in: session)
                == "('/mnt/data', ['c', 'sub'])"
        )
    }

    func atOnce() async throws {
        for _ in 0..<4 {
            let session = newSession()
            async let cell = python("open('p', 'w').write('1')", in: session)
            async let command = exec("echo 2 > /mnt/data/c", in: session)
            _ = try await (cell, command)
            #expect(try await python("import os; sorted(os.listdir())", in: session) == "['c', 'p']")
            #expect(try await exec("ls /mnt/data", in: session) == "c\np\n")
        }
    }

    func lives() async throws {
        let session = newSession()
        _ = try await python("open('a', 'w').write('kept')", in: session)
        _ = try await exec("true", in: session)
        // Cells that end the interpreter: the session goes on, in the same directory.
        _ = try await python("import os; os._exit(1)", in: session)
        #expect(try await python("open('a').read()", in: session).contains("'kept'"))
        try await end("python", session)
        #expect(try await exec("cat /mnt/data/a", in: session) == "kept")
        #expect(try await python("open('a').read()", in: session).contains("'kept'"))
        try await end("container", session)
        #expect(try await exec("cat /mnt/data/a; echo more >> /mnt/data/a", in: session) == "kept")
        #expect(try await python("open('a').read()", in: session).contains("more"))
        var request = HTTPClientRequest(url: "\(daemon.base)/v1/sessions/\(session)")
        request.method = .DELETE
        #expect(try await daemon.http.execute(request, timeout: .seconds(30)).status == .noContent)
        #expect(try await exec("ls /mnt/data", in: session) == "")
    }

    /// Ends the session of one tool as its model can.
    private func end(_ tool: String, _ session: String) async throws {
        _ = try await daemon.call(Call(session: session, namespace: tool, tool: "cleanup_session"))
    }
}
