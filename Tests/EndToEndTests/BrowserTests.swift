import Foundation
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    /// The browser, from a model's search to the word it looks for.
    @Suite struct BrowserTests {
        private static let python = Program.packageRoot.appending(path: ".build/venv/sdk2/bin/python").path
        private static let script = Program.packageRoot.appending(path: "Tests/EndToEndTests/Clients/browse.py").path
        private static let pages = [
            "guide/light.html": """
            <title>Lighthouse keeping</title><p>The quixotic art of a lighthouse begins with <a href=lamp.html>the lamp</a>.
            """,
            "guide/lamp.html": "<title>The lamp</title><p>Paraffin burns with a steady flame.",
        ]

        @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: python), "run scripts/setup --tests"))
        func `a real client searches, opens, follows a link and finds`() async throws {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            let corpus = URL(filePath: home.path).appending(path: "corpus")
            for (path, text) in Self.pages {
                let file = corpus.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(text.utf8).write(to: file)
            }
            // The daemon gives up being root, and keeps the index open.
            let index = "\(home.path)/index/index.sqlite"
            let added = try await Program.run(
                ["index", "add", corpus.path, "--name", "corpus", "--set", "browser.index=\(index)"]
            )
            #expect(added.output.hasPrefix("2 added"), "\(added.errors)")
            try opened(to: home.path)
            try await Daemon.run(["--set", "browser.index=\(index)"]) { daemon in
                let run = try await Program.run(
                    FilePath(Self.python),
                    [Self.script, daemon.base],
                    environment: ["NO_PROXY": "localhost"]
                )
                #expect(run.output == "found\n", "\(run.errors)")
            }
        }

        /// Lets everybody read and write below `path`, as the daemon is somebody else when it is started as root.
        private func opened(to path: String) throws {
            let all = try FileManager.default.subpathsOfDirectory(atPath: path).map { "\(path)/\($0)" } + [path]
            for item in all {
                try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: item)
            }
        }
    }
}
