import LinuxSystem
import PythonProtocol
import Testing

extension AttackTests {
    /// That what cells leave running does not compute for ever.
    @Suite(.serialized, .worker(.init(options: ["--background-seconds": "1"]))) struct Background {
        /// The processes of sessions that have given themselves this name.
        private static func computing(below worker: TestWorker) throws -> [Int32] {
            let (pid, name) = (worker.pid, "computing\n")
            let find = {
                Host.descendants(of: pid).filter { (try? LinuxSystem.Files.readText("/proc/\($0)/comm")) == name }
            }
            try #require(eventually { !find().isEmpty })
            return find()
        }

        /// A fork, which takes the name by `PR_SET_NAME`, and a program that none may read and so hides what it is.
        static let computing = [
            """
            import ctypes, os
            if os.fork() == 0:
                ctypes.CDLL(None).prctl(15, b'computing')
                while True: pass
            """,
            """
            import os, shutil, subprocess
            shutil.copy(os.path.realpath('/usr/bin/python3'), '/tmp/computing')
            os.chmod('/tmp/computing', 0o111)
            subprocess.Popen(['/tmp/computing', '-c', 'while True: pass'])
            """,
        ]

        @Test(arguments: computing)
        func `processes that compute on are ended, and the next run says so and has its variables`(
            cell: String
        ) async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                try #require(try await client.run(cell + "\nkept = 42").outcome?.end == .completed)
                let computing = try Self.computing(below: worker)
                // Those whose parent does not wait for them stay as zombies.
                #expect(
                    eventually(within: .seconds(60)) {
                        computing.allSatisfy { [nil, "Z"].contains(Host.state(of: $0)) }
                    }
                )
                let seen = try await client.run("print(kept)")
                #expect(seen.text == "42\n" && seen.deathBefore == nil)
                let said = String(decoding: seen.background, as: UTF8.self)
                #expect(said.contains("ended, for they used too much processor time"), "\(said)")
                Report.add("processes that compute on", outcome: "ended", problems: [])
            }
        }

        @Test func `an interpreter that computes on is ended, and the next run says why`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                let cell = """
                    import ctypes, threading
                    ctypes.CDLL(None).prctl(15, b'computing')
                    def spin():
                        while True: pass
                    threading.Thread(target=spin, daemon=True).start()
                    """
                try #require(try await client.run(cell).outcome?.end == .completed)
                let computing = try Self.computing(below: worker)
                // Those whose parent does not wait for them stay as zombies.
                #expect(
                    eventually(within: .seconds(60)) {
                        computing.allSatisfy { [nil, "Z"].contains(Host.state(of: $0)) }
                    }
                )
                let seen = try await client.run("print('back')")
                #expect(seen.deathBefore == .backgroundLimit)
                #expect(seen.text == "back\n")
                Report.add("an interpreter that computes on", outcome: "ended", problems: [])
            }
        }

        @Test func `what only waits goes on`() async throws {
            let worker = try #require(TestWorker.current)
            try await worker.session { client in
                let cell = "import subprocess\np = subprocess.Popen(['sleep', '600'])"
                try #require(try await client.run(cell).outcome?.end == .completed)
                // For longer than those that compute are given.
                _ = try await worker.session { try await $0.run("import time; time.sleep(5)") }
                #expect(try await client.run("print(p.poll())").text == "None\n")
            }
        }
    }
}
