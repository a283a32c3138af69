import Testing

extension AttackTests {
    /// What pip says in a session that reaches no index, where a program of the session starts it.
    @Suite(.serialized, .worker) struct Installing {
        private static let advice = "Nothing can be installed here"

        @Test(arguments: [
            "[sys.executable, '-m', 'pip', 'install', 'no-such-package']", "['pip', 'install', 'no-such-package']",
            "['sh', '-c', 'cd /tmp && python3 -m pip install no-such-package']",
        ])
        func `pip that a program starts says what would help when it fails`(words: String) async throws {
            let seen = try await Self.run(words)
            #expect(seen.contains("status 1"), "\(seen)")
            // Its own words come first, and the sentence once.
            #expect(seen.contains("no-such-package"), "\(seen)")
            #expect(seen.ranges(of: Self.advice).count == 1, "\(seen)")
            #expect(seen.contains("python.network=egress"), "\(seen)")
        }

        /// The controls: what does not install, and what does not fail.
        @Test(arguments: [
            ("['pip', 'list']", 0), ("['pip', 'download', 'no-such-package']", 1), ("['pip', 'install', '--help']", 0),
            ("[sys.executable, '-c', 'import sys; sys.exit(1)', 'install']", 1),
        ])
        func `other programs and calls of pip say nothing of it`(words: String, status: Int) async throws {
            let seen = try await Self.run(words)
            #expect(seen.contains("status \(status)"), "\(seen)")
            #expect(!seen.contains(Self.advice), "\(seen)")
        }

        /// The words on standard error, and the status.
        private static func run(_ words: String) async throws -> String {
            let worker = try #require(TestWorker.current)
            let cell = """
                import subprocess, sys
                done = subprocess.run(\(words), capture_output=True, text=True)
                print(done.stderr, 'status', done.returncode)
                """
            return try await worker.session { try await $0.run(cell, limitMilliseconds: 60_000) }.text
        }
    }
}
