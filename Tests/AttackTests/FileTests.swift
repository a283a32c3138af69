import Glibc
import PythonProtocol
import SandboxProtocol
import Testing

extension AttackTests {
    /// That files are moved between a session and the machine without being led astray by what the session makes.
    @Suite(.serialized, .worker) struct Files {
        /// Swaps what is at a name as fast as it can, in a process that outlives its cell.
        private static func swapping(_ body: String) -> String {
            """
            import os
            os.makedirs('p/q', exist_ok=True)
            open('p/q/passwd', 'w').write('own')
            if os.fork() == 0:
                while True:
                    try:
                        \(body)
                    except OSError: pass
            """
        }

        @Test(arguments: [
            (
                "file-down-race", "p/q/passwd",
                "os.unlink('p/q/passwd'); os.symlink('/etc/passwd', 'p/q/passwd'); os.unlink('p/q/passwd'); "
                    + "open('p/q/passwd', 'w').write('own')"
            ),
            (
                "file-down-dirswap", "p/q/passwd",
                "os.rename('p/q', 'p/r'); os.symlink('/etc', 'p/q'); os.unlink('p/q'); os.rename('p/r', 'p/q')"
            ),
        ])
        func `a name that is swapped for a link is never followed`(name: String, path: String, swap: String)
            async throws
        {
            let worker = try #require(TestWorker.current)
            var (own, refused) = (0, 0)
            try await worker.session { client in
                _ = try await client.run(Self.swapping(swap))
                for _ in 0..<2000 {
                    let answer = try await client.files(.read(path: Array(path.utf8)))
                    let code = try #require(answer.code)
                    if code == 0 { own += 1 } else { refused += 1 }
                    try #require(answer.content.isEmpty || answer.content == Array("own".utf8))
                    _ = try await client.files(.write(path: Array("p/q/hostile".utf8), content: [1]))
                }
                try #require(try await client.run(Expectation.probe.source).text == "\n42\n")
            }
            // Without both the race was none.
            try #require(own > 0 && refused > 0)
            Report.add(name, outcome: "\(own) read, \(refused) refused", problems: [])
        }

        @Test func `what is no regular file is refused at once`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                let cell = """
                    import os, socket
                    os.mkfifo('pipe'); socket.socket(socket.AF_UNIX).bind('socket'); os.symlink('/etc/passwd', 'link')
                    os.mkdir('directory'); open('file', 'w').write('x'); os.symlink('/dev/zero', 'zero')
                    """
                try #require(try await client.run(cell).outcome?.end == .completed)
                for name in ["pipe", "socket", "link", "directory", "zero", "none"] {
                    let answer = try await client.files(.read(path: Array(name.utf8)))
                    try #require(answer.code != 0 && answer.code != nil && answer.content.isEmpty, "\(name)")
                }
                try #require(try await client.files(.read(path: Array("file".utf8))).content == [UInt8(ascii: "x")])
            }
            Report.add("file-special", outcome: "refused", problems: [])
        }

        @Test(arguments: [
            "../../etc/cron.d/hostile", "/etc/hostile", "a/../../b", "..", ".", "", "a\0b", "../tmp/hostile",
            String(repeating: "x", count: 5000), String(repeating: "a/", count: 2000) + "x",
        ])
        func `a path that leads out is refused`(path: String) async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                for request in [
                    FileRequest.write(path: Array(path.utf8), content: [1]), .read(path: Array(path.utf8)),
                ] {
                    let answer = try await client.files(request)
                    try #require(answer.code != 0 && answer.code != nil, "\(request)")
                }
                let seen = try await client.run("import os; print(os.listdir('/mnt/data'), os.listdir('/tmp'))")
                try #require(seen.text == "[] []\n")
                try #require(try await client.files(.write(path: Array("own".utf8), content: [7])).code == 0)
                try #require(try await client.files(.read(path: Array("own".utf8))).content == [7])
            }
            Report.add("file-up-traverse \(path.prefix(20).debugDescription)", outcome: "refused", problems: [])
        }

        @Test func `names that are no text, and a tree without end, are listed in bounds`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                let cell = """
                    import os
                    open(b'\\xff\\n<script>', 'w').close(); open('-rf *', 'w').close()
                    """
                _ = try await client.run(cell)
                let named = try await client.files(.list).paths
                try #require(Set(named) == [[0xFF, 0x0A] + "<script>".utf8, Array("-rf *".utf8)])
                let deep = """
                    for i in range(3000):
                        open(f'{i}', 'w').close()
                    for i in range(2000):
                        os.mkdir('d'); os.chdir('d')
                    os.symlink('.', 'loop'); os.symlink('/usr', 'out')
                    """
                try #require(try await client.run(deep).outcome?.end == .completed)
                let listed = try await client.files(.list)
                try #require(listed.code != nil && listed.paths.count <= FileRequest.listedMax)
                try #require(!listed.paths.contains { $0.starts(with: "out".utf8) })
            }
            Report.add("file-nonutf8", outcome: "listed", problems: [])
            Report.add("res-symlink-dir-bomb", outcome: "listed in bounds", problems: [])
        }
    }
}
