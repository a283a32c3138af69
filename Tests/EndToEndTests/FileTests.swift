import AsyncHTTPClient
import Foundation
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// Files of a session, over HTTP.
    @Suite(.daemon())
    struct FileTests {
        private let daemon: Daemon
        private let session = "test-\(UUID())"

        init() throws { daemon = try #require(Daemon.shared) }

        private func request(_ method: HTTPMethod, _ path: String, body: [UInt8]? = nil) async throws -> (
            Int, [UInt8]
        ) {
            var request = HTTPClientRequest(url: "\(daemon.base)/v1/sessions/\(session)/files\(path)")
            request.method = method
            if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
            let response = try await daemon.http.execute(request, timeout: .seconds(30))
            return (Int(response.status.code), Array(buffer: try await response.body.collect(upTo: 64 << 20)))
        }

        @Test func `what is put is what a cell reads, and what it writes is what is fetched`() async throws {
            #expect(try await request(.GET, "").0 == 404)
            #expect(try await request(.PUT, "/in%20put.txt", body: Array("from outside".utf8)).0 == 204)
            let cell = "open('out.bin', 'wb').write(bytes(range(256)) * 10000); open('in put.txt').read()"
            #expect(try await daemon.call(cell, in: session).text == "'from outside'")
            let (status, bytes) = try await request(.GET, "/out.bin")
            #expect(status == 200)
            #expect(bytes == (0..<10000).flatMap { _ in Array(UInt8.min...UInt8.max) })
            let list = String(decoding: try await request(.GET, "").1, as: UTF8.self)
            #expect(list.contains(#"{"path":"out.bin","bytes":2560000}"#))
        }

        @Test func `what is deleted is gone for cells too, and what is outside stays`() async throws {
            let cell = """
                import os
                os.makedirs('sub'); open('sub/a', 'w').write('1'); os.symlink('/etc', 'link'); open('b', 'w').write('2')
                """
            _ = try await daemon.call(cell, in: session)
            #expect(try await request(.DELETE, "/sub/a").0 == 204)
            #expect(try await request(.DELETE, "/b").0 == 204)
            for (path, status) in [("/sub/a", 404), ("/sub", 400), ("/link/hostname", 400), ("/../etc/hostname", 400)] {
                #expect(try await request(.DELETE, path).0 == status, "\(path)")
            }
            let left = try await daemon.call("sorted(os.listdir()), os.listdir('sub')", in: session)
            #expect(left.text == "(['link', 'sub'], [])")
        }

        @Test func `what a cell writes is a resource`() async throws {
            func ask(_ method: String, _ parameters: JSONObject) async throws -> JSONValue? {
                var parameters = parameters
                parameters["_meta"] = .object(Call.statelessMeta)
                let message: JSONValue = [
                    "jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(parameters),
                ]
                var headers: HTTPHeaders = [
                    "Content-Type": "application/json", "Accept": "application/json", "x-session-id": session,
                    "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": method,
                ]
                if let uri = parameters["uri"]?.string { headers.add(name: "Mcp-Name", value: uri) }
                var request = HTTPClientRequest(url: "\(daemon.base)/python/mcp")
                request.method = .POST
                request.headers = headers
                request.body = .bytes(ByteBuffer(bytes: message.encoded()))
                let response = try await daemon.http.execute(request, timeout: .seconds(30))
                let body = try await response.body.collect(upTo: 1 << 20)
                return try JSONValue(parsing: Array(body.readableBytesView))
            }
            _ = try await daemon.call("open('a b.csv', 'w').write('x,y')", in: session)
            let uri = "file:///mnt/data/a%20b.csv"
            let listed = try await ask("resources/list", [:])
            #expect(
                listed?["result"]?["resources"]
                    == [["uri": .string(uri), "name": "a b.csv", "size": 3, "mimeType": "text/csv"]]
            )
            let read = try await ask("resources/read", ["uri": .string(uri)])
            #expect(read?["result"]?["contents"]?.array?.first?["text"] == "x,y")
            let outside = try await ask("resources/read", ["uri": "file:///mnt/data/../../etc/passwd"])
            #expect(outside?["error"]?["message"]?.string?.contains("relative to /mnt/data") == true)
        }

        @Test func `threads of a cell go on when it has ended`() async throws {
            _ = try await daemon.call(
                "import threading; threading.Timer(0.05, lambda: open('ticked', 'w').close()).start()",
                in: session
            )
            // Looked at from outside: a cell that looks would itself let the thread run.
            #expect(try await eventually { try await request(.GET, "/ticked").0 == 200 })
        }

        @Test func `a file is fetched while a cell runs`() async throws {
            let session = session
            async let running = daemon.call(
                "open('x', 'w').write('x')\nwhile not __import__('os').path.exists('y'): pass",
                in: session
            )
            var status = 0
            while status != 200 { status = try await request(.GET, "/x").0 }
            #expect(try await request(.PUT, "/y", body: []).0 == 204)
            #expect(try await !running.isError)
        }

        @Test(arguments: [
            ("/link", 400), ("/directory/passwd", 400), ("/pipe", 400), ("/directory", 400), ("/none", 404),
            ("/%2e%2e/x", 400), ("/a%2F..%2Fb", 400), ("/%00", 400),
        ])
        func `what is no file of the session's is refused at once`(path: String, status: Int) async throws {
            let cell = """
                import os
                os.path.lexists('link') or os.symlink('/etc/passwd', 'link')
                os.path.lexists('directory') or os.symlink('/etc', 'directory')
                os.path.lexists('pipe') or os.mkfifo('pipe')
                """
            _ = try await daemon.call(cell, in: session)
            let (answered, body) = try await request(.GET, path)
            #expect(answered == status, "\(String(decoding: body, as: UTF8.self))")
            #expect(String(decoding: body, as: UTF8.self).contains(#"{"error":""#))
        }

        @Test func `a file that is swapped for a link is never the machine's`() async throws {
            let cell = """
                import os, threading
                os.makedirs('p/q', exist_ok=True)
                open('p/q/passwd', 'w').write('mine')
                def swap():
                    while not os.path.exists('stop'):
                        try:
                            os.rename('p/q', 'p/r'); os.symlink('/etc', 'p/q'); os.unlink('p/q'); os.rename('p/r', 'p/q')
                        except OSError: pass
                threading.Thread(target=swap, daemon=True).start()
                """
            _ = try await daemon.call(cell, in: session)
            var fetched = 0
            for _ in 0..<500 {
                let (status, body) = try await request(.GET, "/p/q/passwd")
                #expect(status != 200 || body == Array("mine".utf8))
                fetched += status == 200 ? 1 : 0
            }
            #expect(fetched > 0)
            #expect(try await request(.PUT, "/stop", body: []).0 == 204)
        }
    }
}
