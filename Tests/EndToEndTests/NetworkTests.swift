import Foundation
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    /// What sessions reach, by the daemon's policy.
    @Suite struct NetworkTests {
        /// Fetches `url`, through the proxy of the session if it has one, and shows what came.
        private static func fetch(_ url: String) -> String {
            """
            import os, urllib.request
            # Loopback goes round the proxy otherwise.
            for name in ("NO_PROXY", "no_proxy"): os.environ.pop(name, None)
            proxies = {"http": os.environ["HTTP_PROXY"]} if "HTTP_PROXY" in os.environ else {}
            try:
                print(urllib.request.build_opener(urllib.request.ProxyHandler(proxies)).open("\(url)").read().decode())
            except Exception as error:
                print(error)
            """
        }

        @Test func `a session goes where it may, and nowhere else`() async throws {
            try await Daemon.run { goal in
                let policy = ["--set", "python.network=egress", "--set", "python.egress=127.0.0.1:\(goal.port)"]
                try await Daemon.run(policy) { daemon in
                    let allowed = try await daemon.call(Self.fetch("http://127.0.0.1:\(goal.port)/healthz"), in: "a")
                    #expect(allowed.text == "ok")
                    for other in ["127.0.0.1:\(daemon.port)", "169.254.169.254", "example.com", "[::1]:\(goal.port)"] {
                        let answer = try await daemon.call(Self.fetch("http://\(other)/healthz"), in: "a")
                        #expect(answer.text.contains("not allowed from this session"), "\(other): \(answer.text)")
                    }
                    let direct = """
                        import socket
                        socket.create_connection(("127.0.0.1", \(goal.port)), 5)
                        """
                    #expect(try await daemon.call(direct, in: "a").text.contains("Connection refused"))
                    #expect(daemon.log.text.contains("egress.verdict=allowed"))
                }
            }
        }

        @Test func `pip and requests go through the proxy, and no further than it lets them`() async throws {
            try await withSite(of: "package_index.py") { port in try await Self.install(fromPort: port) }
        }

        private static func install(fromPort port: String) async throws {
            let index = "http://127.0.0.1:\(port)/simple/"
            let code = """
                import os, requests
                # Loopback goes round the proxy otherwise.
                for name in ("NO_PROXY", "no_proxy"): os.environ.pop(name, None)
                %pip install --quiet --index-url \(index) lighthouse-package
                import lighthouse_package
                print(lighthouse_package.answer, requests.get("\(index)").status_code)
                print(requests.get("http://example.com/").status_code)
                """
            let policy = ["--set", "python.network=egress", "--set", "python.egress=127.0.0.1:\(port)"]
            try await Daemon.run(policy) { daemon in
                let answer = try await daemon.call(code, in: "a")
                #expect(answer.text.contains("977966748 200\n403"), "\(answer.text)")
            }
        }

        @Test func `without a policy there is no network, not even a loopback`() async throws {
            try await Daemon.run { daemon in
                let answer = try await daemon.call(Self.fetch("http://127.0.0.1:\(daemon.port)/healthz"), in: "a")
                #expect(answer.text.contains("Network is unreachable"))
            }
        }

        @Test func `a session gets the network it asks for, if that is offered, and keeps it`() async throws {
            try await Daemon.run(["--set", "python.networks=loopback"]) { daemon in
                let connect = "import socket; socket.create_connection(('127.0.0.1', 8000), 5)"
                let calls: [(session: String, network: String?, answer: String)] = [
                    ("usual", nil, "Network is unreachable"), ("own", "loopback", "Connection refused"),
                    // Named or not, it stays what it is; and is not changed under way.
                    ("own", nil, "Connection refused"), ("own", "none", "begun with another network"),
                    ("own", "loopback", "Connection refused"),
                    // A refusal leaves no file.
                    ("far", "egress", "No session can reach here"), ("far", nil, "Network is unreachable"),
                ]
                for (session, network, part) in calls {
                    let answer = try await daemon.call(Call(code: connect, session: session, network: network))
                    #expect(answer.text.contains(part), "\(session), \(network ?? "nothing asked"): \(answer.text)")
                }
                let layers = try await daemon.isolation(network: "loopback")
                #expect(layers.contains { $0.contains("loopback alone") })
            }
        }

        @Test func `a loopback is a session's own`() async throws {
            try await Daemon.run(["--set", "python.network=loopback"]) { daemon in
                let listen = """
                    import socket
                    listener = socket.create_server(("127.0.0.1", 8000))
                    """
                let connect = """
                    import socket
                    socket.create_connection(("127.0.0.1", 8000), 5).close(); print("connected")
                    """
                _ = try await daemon.call(listen, in: "a")
                #expect(try await daemon.call(connect, in: "a").text == "connected")
                #expect(try await daemon.call(connect, in: "b").text.contains("Connection refused"))
                let outside = try await daemon.call(Self.fetch("http://127.0.0.1:\(daemon.port)/healthz"), in: "a")
                #expect(outside.text.contains("Connection refused"))
            }
        }
    }
}
