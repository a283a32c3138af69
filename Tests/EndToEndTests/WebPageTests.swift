import Foundation
import JSON
import MCP
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    /// Pages that call tools from a real browser.
    @Suite(
        .enabled(if: chromium != nil, "run scripts/setup --tests"),
        .daemon("--set", "http.allowed-origins=http://allowed.example")
    )
    struct WebPageTests {
        private let daemon: Daemon

        init() throws { daemon = try #require(Daemon.shared) }

        @Test(.timeLimit(.minutes(3)))
        func `a page of an allowed origin calls a tool, and one of another cannot`() async throws {
            let script = Program.packageRoot.appending(path: "Tests/EndToEndTests/Clients/web_page.py").path
            let origins = ["http://127.0.0.1", "http://allowed.example", "http://evil.example"]
            let result = try await Subprocess.run(
                .path("/usr/bin/python3"),
                arguments: Arguments([script, try #require(chromium), "\(daemon.port)"] + origins),
                input: .none,
                output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20)
            )
            let shown = try result.standardOutput.split(separator: "\n").map { line in
                try JSONValue(parsing: String(line))["shown"]?.string
            }
            try #require(shown.count == 3, "\(result.standardError)")
            #expect(shown[0] == "answered 42")
            #expect(shown[1] == "answered 42")
            #expect(shown[2]?.hasPrefix("failed") == true)
        }
    }
}

/// The browser of this machine, if it has one.
private let chromium = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}
