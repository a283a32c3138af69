import AsyncHTTPClient
import Foundation
import Glibc
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// What becomes of new sessions where all are taken, and that `/readyz` says so.
    @Suite struct VacancyTests {
        @Test func `the session idle for longest makes room and says so, and the log names it`() async throws {
            try await Daemon.run(["--set", "python.sessions=2", "--set", "python.room-seconds=0"]) { daemon in
                for name in ["first", "second", "third"] { _ = try await daemon.call("x = 1", in: name) }
                let readiness = try await daemon.readiness()
                #expect(readiness["ready"]?.bool == true && readiness["isFull"]?.bool == true)
                #expect(readiness["sessionsFree"]?.integer == 0)
                #expect(try await daemon.call("x", in: "second").text == "1")
                let text = try await daemon.call("x", in: "first").text
                #expect(text.contains("idle and was closed to make room for another") && text.contains("NameError"))
                #expect(daemon.log.lines.contains { $0.contains("makes room") && $0.contains("first") })
            }
        }

        @Test func `sessions in use are kept, a further one is refused, and readyz answers 503`() async throws {
            try await Daemon.run(["--set", "python.sessions=2", "--set", "python.room-seconds=600"]) { daemon in
                for name in ["first", "second"] { _ = try await daemon.call("x = 1", in: name) }
                let refused = try await daemon.call("1", in: "third")
                #expect(refused.isError && refused.text.contains("Too many Python sessions"))
                let status = try await daemon.http.execute(
                    HTTPClientRequest(url: "\(daemon.base)/readyz"),
                    timeout: .seconds(10)
                ).status
                #expect(status == .serviceUnavailable)
                #expect(try await daemon.call("x", in: "first").text == "1")
            }
        }

        @Test func `empty files put into new sessions take no place from a call, nor from variables`() async throws {
            try await Daemon.run(["--set", "python.sessions=3", "--set", "python.room-seconds=0"]) { daemon in
                _ = try await daemon.call("x = 1", in: "mine")
                for index in 0..<5 {
                    var put = HTTPClientRequest(url: "\(daemon.base)/v1/sessions/empty-\(index)/files/f")
                    put.method = .PUT
                    #expect(try await daemon.http.execute(put, timeout: .seconds(10)).status == .noContent)
                }
                #expect(try await daemon.call("2", in: "new").text == "2")
                #expect(try await daemon.call("x", in: "mine").text == "1")
            }
        }

        @Test func `a download that is not read holds up neither calls nor lists nor other downloads`() async throws {
            try await Daemon.run { daemon in
                let cell = "open('big', 'wb').truncate(100 << 20); open('small', 'w').write('small')"
                #expect(try await daemon.call(cell, in: "mine").isError == false)
                let files = "\(daemon.base)/v1/sessions/mine/files"
                let unread = try await daemon.http.execute(.init(url: "\(files)/big"), timeout: .seconds(60))
                #expect(unread.status == .ok)
                let start = ContinuousClock.now
                #expect(try await daemon.call("6 * 7", in: "mine").text == "42")
                let list = try await daemon.http.execute(.init(url: files), timeout: .seconds(10))
                #expect(list.status == .ok)
                let small = try await daemon.http.execute(.init(url: "\(files)/small"), timeout: .seconds(10))
                #expect(try await small.body.collect(upTo: 100) == ByteBuffer(string: "small"))
                #expect(ContinuousClock.now - start < .seconds(5))
                var count = 0
                for try await piece in unread.body { count += piece.readableBytes }
                #expect(count == 100 << 20)
            }
        }

        @Test func `a daemon whose worker is stuck says so, refuses in time and ends when it is asked to`() async throws
        {
            try await Daemon.run(["--set", "python.pool=0"]) { daemon in
                #expect(try await daemon.call("1").text == "1")
                let zygote = try #require(ProcessEntry.descendants(of: daemon.pid).first { $0.name == "zygote" })
                kill(zygote.pid, SIGSTOP)
                let refused = try await daemon.call("1")
                #expect(refused.isError && refused.text.contains("not available right now"))
                let isReported = try await eventually(within: .seconds(30)) {
                    try await daemon.readiness()["ready"]?.bool == false
                }
                #expect(isReported)
                kill(zygote.pid, SIGCONT)
                let isBack = try await eventually(within: .seconds(30)) {
                    try await daemon.readiness()["ready"]?.bool == true
                }
                #expect(isBack)
                kill(zygote.pid, SIGSTOP)
                async let pending = daemon.call("1")
                let family = try await daemon.family()
                family[0].signal(SIGTERM)
                #expect(try await family[0].ends(within: .seconds(60)))
                _ = try? await pending
            }
        }
    }
}
