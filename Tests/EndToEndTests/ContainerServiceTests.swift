import AsyncHTTPClient
import Foundation
import Glibc
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// The container's worker beside the others of a daemon.
    @Suite struct ContainerServiceTests {
        private let session = "test-\(UUID())"

        @Test func `a killed worker is replaced, and every session says what it lost`() async throws {
            try await Daemon.run { daemon in
                _ = try await daemon.bash("echo mine > /root/file", in: session + "-idle")
                _ = try await daemon.call("mine = 1", in: session)
                var call = Call.exec(["bash", "-c", "echo begun; sleep 1000"], in: session)
                call.progressToken = 1
                var running = try await daemon.begin(call, over: .legacy)
                _ = try await running.message()
                let killed = try await daemon.killWorker(of: "container")
                let lost = try await Answer(from: &running)
                #expect(lost.isError && lost.text.contains("The container was lost while the command ran"))
                for name in [session, session + "-idle"] {
                    let next = try await daemon.bash("echo works; ls /root", in: name)
                    #expect(next.text.hasPrefix("[the container was started again: files and processes"))
                    #expect(next.text.hasSuffix("works\n") && !next.isError)
                    #expect(try await daemon.bash("echo on", in: name).text == "on\n")
                }
                #expect(try await daemon.worker(of: "container").pid != killed)
                #expect(try await daemon.call("mine", in: session).text == "1")
                #expect(try await eventually { try await ControlGroups.made(byWorker: killed).isEmpty })
            }
        }

        @Test(arguments: [["python", "container"], ["python"]])
        func `all workers together have three quarters of the machine's memory`(tools: [String]) async throws {
            try await Daemon.run(["--set", "server.tools=\(tools.joined(separator: ","))"]) { daemon in
                var total: UInt64 = 0
                for tool in tools {
                    let words = try await daemon.worker(of: tool).command.split(separator: "\0")
                    let name = try #require(words.firstIndex(of: "--total-memory-bytes"))
                    total += try #require(UInt64(words[name + 1]))
                }
                let wanted = ProcessInfo.processInfo.physicalMemory / 4 * 3
                #expect(total <= wanted && total > wanted - 16)
            }
        }

        @Test func `a daemon without the tool answers 404 for it and lists what it has`() async throws {
            try await Daemon.run(["--set", "server.tools=python"]) { daemon in
                let reply = try await Self.get("\(daemon.base)/container/sse", daemon)
                #expect(reply.status == 404)
                let others = try await Self.get("\(daemon.base)/nothing", daemon).text
                #expect(others.contains("/python/sse") && !others.contains("/container"))
                #expect(try await daemon.call("6 * 7").text == "42")
                #expect(
                    ProcessEntry.all(naming: daemon.runtimeDirectory.path).allSatisfy {
                        !$0.command.contains("harmonium-container")
                    }
                )
            }
        }

        @Test func `a daemon with this tool alone serves it, and the files of its sessions`() async throws {
            try await Daemon.run(["--set", "server.tools=container"]) { daemon in
                let made = try await daemon.bash("echo out > /mnt/data/a; echo on", in: session)
                #expect(made.text == "on\n")
                let files = "\(daemon.base)/v1/sessions/\(session)/files"
                #expect(try await Self.get("\(files)/a", daemon).text == "out\n")
                var put = HTTPClientRequest(url: "\(files)/b")
                put.method = .PUT
                put.body = .bytes(ByteBuffer(string: "in"))
                #expect(try await daemon.http.execute(put, timeout: .seconds(20)).status == .noContent)
                #expect(try await daemon.bash("cat /mnt/data/b", in: session).text == "in")
                #expect(try await Self.get(files, daemon).text.contains(#"{"path":"a","bytes":4}"#))
                #expect(try await Self.get("\(daemon.base)/python/sse", daemon).status == 404)
            }
        }

        private static func get(_ url: String, _ daemon: Daemon) async throws -> (status: UInt, text: String) {
            let response = try await daemon.http.execute(HTTPClientRequest(url: url), timeout: .seconds(20))
            let body = try await response.body.collect(upTo: 1 << 20)
            return (response.status.code, String(buffer: body))
        }
    }
}
