import Foundation
import Subprocess
import SystemPackage
import Testing

extension EndToEndTests {
    /// The browser, from a model's search to the word it looks for.
    @Suite struct BrowserTests {
        private static let python = Program.packageRoot.appending(path: ".build/venv/sdk2/bin/python").path
        private static let script = client("browse.py")
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
            // As systemd makes it, for root.
            try FileManager.default.createDirectory(
                atPath: "\(home.path)/harmonium",
                withIntermediateDirectories: false
            )
            // The daemon gives up being root, and finds the index that root has made.
            let added = try await Program.run(
                ["index", "add", corpus.path, "--name", "corpus"],
                environment: ["STATE_DIRECTORY": "\(home.path)/harmonium"]
            )
            #expect(added.output.hasPrefix("2 added"), "\(added.errors)")
            try await Daemon.run(state: home) { daemon in
                let run = try await Program.run(
                    FilePath(Self.python),
                    [Self.script, daemon.base],
                    environment: ["NO_PROXY": "localhost"]
                )
                #expect(run.output == "found\n", "\(run.errors)")
            }
        }

        @Test(
            .enabled(if: FileManager.default.isExecutableFile(atPath: python), "run scripts/setup --tests"),
            .enabled(if: hasChromium, "run scripts/setup --tests")
        )
        func `a real client reads what a script has made, and follows its link`() async throws {
            try await withSite(of: "site.py") { port in
                try await Daemon.run(["--set", "browser.allowed=127.0.0.1:\(port)"]) { daemon in
                    let run = try await Program.run(
                        FilePath(Self.python),
                        [Self.client("open_scripted.py"), daemon.base, "http://127.0.0.1:\(port)/"],
                        environment: ["NO_PROXY": "localhost"]
                    )
                    let expected = "Light True ['Kept', 'lamp is 【0†here']\nLamp False ['steady flame']\n"
                    #expect(run.output == expected, "\(run.errors)")
                }
            }
        }

        @Test(.enabled(if: hasChromium, "no Chromium here: apt install chromium-headless-shell"))
        func `a page that its scripts empty is shown as it came`() async throws {
            try await withSite(of: "site.py") { port in
                try await Daemon.run(["--set", "browser.allowed=127.0.0.1:\(port)"]) { daemon in
                    let open = { (path: String) in
                        try await Program.run([
                            "browse", "open", "--url", daemon.base, "http://127.0.0.1:\(port)\(path)",
                        ]).output
                    }
                    let emptied = try await open("/emptied")
                    #expect(emptied.contains("steady flame") && !emptied.contains("has failed"), "\(emptied)")
                    #expect(!emptied.contains("made by scripts"))
                    // The control: what scripts make is shown where it is more.
                    #expect(try await open("/").contains("Kept"))
                }
            }
        }

        @Test func `without Chromium, a page of scripts says why it is empty`() async throws {
            try await withSite(of: "site.py") { port in
                try await Daemon.run([
                    "--set", "browser.allowed=127.0.0.1:\(port)", "--set", "browser.chromium=/bin/false",
                ]) { daemon in
                    let run = try await Program.run([
                        "browse", "open", "--url", daemon.base, "http://127.0.0.1:\(port)/",
                    ])
                    let remark = "[This page is made by scripts, and parts of it may be missing without them; "
                    #expect(run.output.contains(remark))
                }
            }
        }

        @Test func `the reference's pages have the reference's defects`() async throws {
            try await withSite(of: "site.py") { port in
                for (compat, shown) in [("fixed", "L2: one\nL3: two"), ("reference", "one two")] {
                    try await Daemon.run([
                        "--set", "browser.allowed=127.0.0.1:\(port)", "--set", "browser.compat=\(compat)",
                    ]) { daemon in
                        let url = "http://127.0.0.1:\(port)"
                        let lines = try await Program.run(["browse", "open", "--url", daemon.base, "\(url)/lines"])
                        #expect(lines.output.contains(shown), "\(lines.output)")
                        let page = try await Program.run(["browse", "open", "--url", daemon.base, "\(url)/"])
                        let isMore = page.output.contains("Kept") || page.output.contains("made by scripts")
                        #expect(isMore == (compat == "fixed"), "\(page.output)")
                    }
                }
            }
        }

        @Test func `citations become links to the pages of a session`() async throws {
            try await withSite(of: "site.py") { port in
                try await Daemon.run(["--set", "browser.allowed=127.0.0.1:\(port)"]) { daemon in
                    let page = "http://127.0.0.1:\(port)/lines"
                    let place = ["--url", daemon.base, "--session", "cited"]
                    _ = try await Program.run(["browse", "open", page] + place)
                    _ = try await Program.run(["browse", "find", "one"] + place)
                    let cited = try await Program.run(["browse", "cite", "So【0†L2】, so【1†L0-L1】, not【7†L1】."] + place)
                    let link = " ([127.0.0.1:\(port)](\(page))) "
                    #expect(cited.output == "So\(link), so\(link), not【7†L1】.\n", "\(cited.errors)")
                    let other = ["--url", daemon.base, "--session", "another"]
                    let unknown = try await Program.run(["browse", "cite", "-"] + other, input: "【0†L2】")
                    #expect(unknown.exitCode == 1)
                    #expect(unknown.errors.contains("This session has no pages"))
                }
            }
        }

        @Test func `one directory that is gone stops the update of no other`() async throws {
            let home = try TemporaryDirectory()
            defer { home.remove() }
            let files = FileManager.default
            for folder in ["harmonium", "one", "two"] {
                try files.createDirectory(atPath: "\(home.path)/\(folder)", withIntermediateDirectories: false)
            }
            // As systemd makes it, for root.
            func index(_ arguments: [String]) async throws -> Program.Outcome {
                try await Program.run(["index"] + arguments, environment: ["STATE_DIRECTORY": "\(home.path)/harmonium"])
            }
            for folder in ["one", "two"] {
                try Data("old".utf8).write(to: URL(filePath: "\(home.path)/\(folder)/old.txt"))
                let added = try await index(["add", "\(home.path)/\(folder)", "--name", folder])
                #expect(added.output.hasPrefix("1 added"), "\(added.errors)")
            }
            try files.removeItem(atPath: "\(home.path)/one")
            try Data("a fresh quince".utf8).write(to: URL(filePath: "\(home.path)/two/new.txt"))
            let update = try await index(["update"])
            #expect(update.exitCode == 1)
            #expect(update.output == "1 added, 0 changed, 1 unchanged, 0 removed, 0 unreadable\n")
            #expect(update.errors.contains("harmonium: one: \(home.path)/one is no directory that can be read"))
            #expect(try await index(["search", "quinces"]).output == "local://two/new.txt\ta fresh quince\n")
            // What was indexed of it is kept: the directory may be back tomorrow.
            #expect(try await index(["list"]).output.contains("one\t\(home.path)/one\t1 documents"))
        }

        private static let hasChromium = ["chromium-headless-shell", "chromium"].contains {
            FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
        }

        private static func client(_ name: String) -> String {
            Program.packageRoot.appending(path: "Tests/EndToEndTests/Clients/\(name)").path
        }
    }
}
