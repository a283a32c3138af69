import Foundation
import JSON
import Testing

extension EndToEndTests {
    /// What programs in a container reach, by the daemon's policy.
    @Suite struct ContainerNetworkTests {
        /// A program that fetches, and what it leaves of the site that `$SITE` names.
        struct Client: CustomTestStringConvertible, Sendable {
            let path: String
            let script: String
            let shown: String

            var testDescription: String { path }
        }

        private static let clients = [
            Client(path: "/usr/bin/curl", script: "curl -sf $SITE/npm/lighthouse", shown: #""latest": "1.0.0""#),
            Client(path: "/usr/bin/wget", script: "wget -qO- -t1 $SITE/npm/lighthouse", shown: #""latest": "1.0.0""#),
            Client(
                path: "/usr/bin/git",
                script: "git clone -q $SITE/origin.git copy && cat copy/file",
                shown: "cloned\n"
            ),
            Client(
                path: "/usr/bin/python3",
                script: """
                    python3 -m pip install -q --break-system-packages --index-url $SITE/simple/ --trusted-host ${SITE#*//} \
                    lighthouse-package \
                    && python3 -c 'import lighthouse_package; print(lighthouse_package.answer)'
                    """,
                shown: "977966748\n"
            ),
            Client(
                path: "/usr/bin/apt-get",
                script: """
                    rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
                    echo "deb [trusted=yes] $SITE/debian ./" > /etc/apt/sources.list
                    apt-get update && apt-get install -y lighthouse && cat /usr/share/lighthouse/answer
                    """,
                shown: "shining\n"
            ),
            Client(
                path: "/usr/bin/npm",
                script: """
                    npm install --no-audit --no-fund --fetch-retries 0 --registry $SITE/npm/ lighthouse \
                    && node -p 'require("lighthouse")'
                    """,
                shown: "42\n"
            ),
        ].filter { Program.isThere($0.path) }

        /// Runs it in a directory of its own. Loopback goes round the proxy otherwise.
        private static func call(_ client: Client, site: String, in session: String) -> Call {
            let script = "unset NO_PROXY no_proxy; mkdir -p /work && cd /work && \(client.script)"
            var call = Call.exec(["bash", "-c", script], in: session, ["env": ["SITE": .string(site)]])
            call.network = "egress"
            return call
        }

        @Test func `programs go through the proxy, and no further than it lets them`() async throws {
            try await withSite(of: "mirrors.py") { port in
                let policy = [
                    "--set", "server.tools=container", "--set", "container.networks=egress",
                    "--set", "container.egress=127.0.0.1:\(port)",
                ]
                try await Daemon.run(policy) { daemon in
                    for client in Self.clients {
                        let name = client.path.split(separator: "/").last ?? ""
                        let refused = Self.call(client, site: "http://\(name).example", in: "no \(name)")
                        let nothing = try await daemon.call(refused)
                        #expect(nothing.exitCode != 0 && !nothing.text.contains(client.shown), "\(nothing.text)")
                        #expect(await eventually { daemon.log.text.contains("\(name).example") }, "\(nothing.text)")
                        let allowed = Self.call(client, site: "http://127.0.0.1:\(port)", in: "\(name)")
                        let answer = try await daemon.call(allowed)
                        #expect(answer.exitCode == 0 && answer.text.contains(client.shown), "\(answer.text)")
                    }
                }
            }
        }

        @Test func `a download is fetched as the browser's pages are, where that is allowed`() async throws {
            try await withSite(of: "mirrors.py") { port in
                let settings = ["--set", "server.tools=container", "--set", "browser.allowed=127.0.0.1:\(port)"]
                let download = { @Sendable (daemon: Daemon, url: String) in
                    let place: JSONObject = ["url": .string(url), "filepath": "/root/got"]
                    return try await daemon.container("download", place, in: "a")
                }
                let site = "http://127.0.0.1:\(port)/npm/lighthouse"
                try await Daemon.run(settings + ["--set", "container.download=allow"]) { daemon in
                    let got = try await download(daemon, site)
                    #expect(!got.isError && got.text.hasSuffix("bytes to /root/got."), "\(got.text)")
                    let seen = try await daemon.bash("grep -c latest /root/got; curl -s \(site)", in: "a")
                    #expect(seen.text.hasPrefix("1\n") && seen.exitCode != 0)
                    let wrong = [
                        ("http://localhost:\(daemon.port)/healthz", "localhost"), ("file:///etc/passwd", "file"),
                        (site + "-none", "status 404"),
                    ]
                    for (url, part) in wrong {
                        let refused = try await download(daemon, url)
                        #expect(refused.isError && refused.text.contains(part), "\(refused.text)")
                    }
                }
                try await Daemon.run(settings) { daemon in
                    let refused = try await download(daemon, site)
                    #expect(refused.isError && refused.text.contains("no tool named `download`"))
                }
            }
        }

        @Test func `a container has the network that it asks for, and no way round the proxy`() async throws {
            try await Daemon.run { goal in
                let policy = [
                    "--set", "server.tools=container", "--set", "container.networks=egress",
                    "--set", "container.egress=127.0.0.1:\(goal.port)",
                ]
                try await Daemon.run(policy) { daemon in
                    let health = { (options: String, host: String, network: String?) in
                        let script = "curl -sS \(options) http://\(host)/healthz 2>&1"
                        var call = Call.exec(["bash", "-lc", script], in: network ?? "usual")
                        call.network = network
                        return try await daemon.call(call).text
                    }
                    let site = "127.0.0.1:\(goal.port)"
                    #expect(try await health("--noproxy ''", site, "egress").contains("ok"))
                    for other in ["127.0.0.1:\(daemon.port)", "169.254.169.254", "example.com", "[::1]:\(goal.port)"] {
                        let refusal = try await health("--noproxy ''", other, "egress")
                        #expect(refusal.contains("not allowed from this session"), "\(other): \(refusal)")
                    }
                    let direct = try await health("--noproxy '*'", site, "egress")
                    #expect(direct.contains("Failed to connect") || direct.contains("Couldn't connect"), "\(direct)")
                    let none = try await health("", site, nil)
                    #expect(none.contains("Failed to connect") || none.contains("Couldn't connect"), "\(none)")
                }
            }
        }
    }
}
