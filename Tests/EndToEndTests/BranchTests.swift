import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// Sessions that begin with the files of others.
    @Suite(.daemon("--set", "server.tools=python,container", "--set", "python.pool=0", limit: .seconds(300)))
    struct BranchTests {
        private let daemon: Daemon
        private let source = "source-\(UUID())"

        init() throws { daemon = try #require(Daemon.shared) }

        private func exec(_ script: String, in session: String) async throws -> String {
            try await Program.run(["exec", "--url", daemon.base, "--session", session, "--", "sh", "-c", script]).output
        }

        /// Prints all that the script below has changed.
        private static let look = """
            cat /root/file; stat -c '%a %u %g' /root/file; readlink /root/link; [ /root/file -ef /root/name ] && echo same; \
            test -p /srv/pipe && echo pipe; cat /mnt/data/shared; ls /usr/games 2>&1 | grep -c . ; cat /usr/local/new; \
            test -e /usr/bin/tac || echo removed; ls -A /usr/local/etc; md5sum < /var/big
            """
        private static let change = """
            echo one > /root/file; chown 1000:50 /root/file; chmod 4751 /root/file; ln -s a/b /root/link; \
            ln /root/file /root/name; mkfifo /srv/pipe; echo both > /mnt/data/shared; rm -rf /usr/games; mkdir /usr/games; \
            echo new > /usr/local/new; rm /usr/bin/tac; rm -rf /usr/local/etc; mkdir /usr/local/etc; touch /usr/local/etc/x; \
            head -c 5000000 /dev/urandom > /var/big; (while :; do sleep 0.1; done) > /dev/null 2>&1 &
            """

        @Test func `a branch has all files as they were, and then both go their own ways`() async throws {
            _ = try await exec(Self.change, in: source)
            let before = try await exec(Self.look, in: source)
            #expect(before.contains("one\n4751 1000 50\na/b\nsame\npipe\nboth\n"), "\(before)")
            #expect(before.contains("new\nremoved\nx\n"), "\(before)")
            let place = ["--url", daemon.base]
            let branch = try await Program.run(["sessions", "branch", source, "\(source)-2"] + place)
            #expect(branch.exitCode == 0, "\(branch.errors)")
            #expect(try await exec(Self.look, in: "\(source)-2") == before)
            // The control: what runs is not copied, and goes on in the session that it is of.
            #expect(try await exec("pgrep -c sleep || pgrep -c sh", in: source) != "0\n")
            _ = try await exec("echo two > /root/file; rm /mnt/data/shared", in: "\(source)-2")
            #expect(try await exec("cat /root/file /mnt/data/shared", in: source) == "one\nboth\n")
            _ = try await exec("echo three > /root/file", in: source)
            #expect(try await exec("cat /root/file", in: "\(source)-2") == "two\n")
        }

        @Test func `a snapshot stays as it was, and as many sessions as wanted begin with it`() async throws {
            _ = try await exec("echo one > /root/file", in: source)
            let made = try await post("/v1/sessions/\(source)/snapshot", "")
            #expect(made.status == 201)
            let snapshot = try #require(made.json["snapshot"]?.string)
            _ = try await exec("echo two > /root/file", in: source)
            for number in 1...3 {
                let name = "\(source)-\(number)"
                let branch = try await post("/v1/snapshots/\(snapshot)/branch", "{\"into\": \"\(name)\"}")
                #expect(branch.status == 201 && branch.json["session"]?.string == name)
                #expect(try await exec("cat /root/file", in: name) == "one\n")
            }
            #expect(try await send(.DELETE, "/v1/snapshots/\(snapshot)", body: "").status == 204)
            #expect(try await post("/v1/snapshots/\(snapshot)/branch", "{\"into\": \"x\"}").status == 404)
        }

        /// Each needs room, processes or time while it is copied.
        static let hostile = [
            // Forks as often as it may.
            "b() { b | b & }; b", "python3 -c 'import os\nwhile 1:\n if os.fork(): os._exit(0)'",
            // Changes files all the time.
            "cd /root; while :; do mkdir d; ln -s / d/l; echo x > d/f; mv d e; ln e/f g; rm -rf e g; done",
            // Writes what no call reads.
            "python3 -c 'import pty; pty.spawn([\"yes\"])'", "kill -STOP $BASHPID",
        ]

        @Test(arguments: hostile)
        func `a session that does not hold still is copied, and goes on`(script: String) async throws {
            let words = ["--url", daemon.base, "--session", source, "--", "bash", "-c"]
            let begin = "(\(script)) > /dev/null 2>&1 & echo kept > /root/file"
            let begun = try await Program.run(["exec"] + words + [begin])
            #expect(begun.exitCode == 0, "\(begun.errors)")
            for number in 1...2 {
                let branch = try await post("/v1/sessions/\(source)/branch", "{\"into\": \"\(source)-\(number)\"}")
                #expect(branch.status == 201, "\(branch.json)")
                let look = "cat /root/file; ps -e | grep -c bash"
                #expect(try await exec(look, in: "\(source)-\(number)") == "kept\n0\n")
            }
            #expect(try await post("/v1/sessions/\(source)/snapshot", "").status == 201)
            #expect(try await exec("cat /root/file", in: source) == "kept\n")
            for name in [source] + (1...2).map({ "\(source)-\($0)" }) {
                #expect(try await send(.DELETE, "/v1/sessions/\(name)", body: "").status == 204)
            }
        }

        @Test func `a copy is of one moment, however fast files change`() async throws {
            let count = "n=0; while :; do n=$((n + 1)); echo $n > /root/a; echo $n > /mnt/data/b; done"
            _ = try await exec("(\(count)) > /dev/null 2>&1 & until [ -s /mnt/data/b ]; do :; done", in: source)
            for number in 1...5 {
                let name = "\(source)-\(number)"
                #expect(try await post("/v1/sessions/\(source)/branch", "{\"into\": \"\(name)\"}").status == 201)
                let look = "cat /root/a /mnt/data/b; echo $(($(cat /root/a) - $(cat /mnt/data/b)))"
                let seen = try await exec(look, in: name)
                // One may be empty, or be the next one already.
                #expect(["0", "1"].contains { seen.hasSuffix("\n\($0)\n") } || seen.split(separator: "\n").count < 3)
            }
        }

        @Test func `what cannot be copied is refused, with what to do`() async throws {
            _ = try await exec("true", in: source)
            #expect(try await post("/v1/sessions/none-\(source)/branch", "{\"into\": \"a\"}").status == 404)
            #expect(try await post("/v1/sessions/\(source)/branch", "{\"into\": \"\(source)\"}").status == 409)
            #expect(try await post("/v1/sessions/\(source)/branch", "{}").status == 400)
            #expect(try await post("/v1/sessions/none-\(source)/snapshot", "").status == 404)
            let missing = try await Program.run(["sessions", "branch", "none", "a", "--url", daemon.base])
            #expect(missing.exitCode == 1 && missing.errors.contains("no such container session"))
        }

        private func post(_ path: String, _ body: String) async throws -> (status: Int, json: JSONValue) {
            try await send(.POST, path, body: body)
        }

        private func send(_ method: HTTPMethod, _ path: String, body: String) async throws
            -> (status: Int, json: JSONValue)
        {
            var request = HTTPClientRequest(url: daemon.base + path)
            request.method = method
            request.body = .bytes(ByteBuffer(string: body))
            let response = try await daemon.http.execute(request, timeout: .seconds(60))
            let bytes = try await response.body.collect(upTo: 1 << 16)
            return (
                Int(response.status.code), (try? JSONValue(parsing: Array(bytes.readableBytesView))) ?? .null
            )
        }
    }
}
