import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// Cells that hang or kill their interpreter, and what their sessions are afterwards.
    @Suite(.daemon("--set", "python.time-limit-seconds=1", "--set", "python.grace-seconds=1"))
    struct RecoveryTests {
        private let daemon: Daemon
        private let session = "test-\(UUID())"

        init() throws { daemon = try #require(Daemon.shared) }

        @Test(arguments: ["while True: pass", "import time; time.sleep(1000)", "input_ = [i for i in iter(int, 1)]"])
        func `a cell that hangs is interrupted, and variables are kept`(code: String) async throws {
            _ = try await daemon.call("kept = 'still here'", in: session)
            let answer = try await daemon.call("print('before')\n\(code)", in: session)
            #expect(answer.isError)
            #expect(answer.text.hasPrefix("before"))
            #expect(answer.text.contains("Time limit: the cell ran for 1 s"))
            #expect(answer.text.contains("interrupted; variables and files are kept"))
            #expect(answer.isStateKept == true)
            #expect(try await daemon.call("kept", in: session).text == "'still here'")
        }

        @Test func `a cell that ignores its interrupt is killed, and the loss is said`() async throws {
            try await prepare()
            let stubborn = """
                print('before', flush=True)
                import time
                while True:
                    try:
                        while True: time.sleep(0.01)
                    except KeyboardInterrupt: pass
                """
            let answer = try await daemon.call(stubborn, in: session)
            #expect(answer.isError)
            #expect(answer.text.hasPrefix("before"))
            #expect(answer.text.contains("could not be interrupted, so Python was restarted: all variables"))
            #expect(answer.isStateKept == false)
            try await expectFilesOnly()
        }

        @Test(arguments: [
            ("import os; os._exit(1)", "exited with status 1"),
            ("import ctypes; ctypes.string_at(0)", "segmentation fault"),
            ("import os; os.abort()", "Python crashed (signal 6, abort)"),
            ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "ended by signal 15"),
            ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed"),
        ])
        func `a dead interpreter is named, and its session goes on with its files`(
            code: String,
            cause: String
        ) async throws {
            try await prepare()
            let answer = try await daemon.call("print('before', flush=True)\n\(code)", in: session)
            #expect(answer.isError)
            #expect(answer.text.hasPrefix("before"))
            #expect(answer.text.contains(cause))
            #expect(answer.text.contains("all variables and imports are gone, files in /mnt/data are kept"))
            #expect(answer.isStateKept == false)
            try await expectFilesOnly()
        }

        @Test func `an interpreter that dies between two cells is reported with the next`() async throws {
            try await prepare()
            let later = """
                import os, subprocess
                wait = ': \(session); until [ -e go ]; do sleep 0.05; done'
                killer = subprocess.Popen(['sh', '-c', f'{wait}; kill -9 {os.getpid()}'])
                """
            #expect(try await daemon.call(later, in: session).isError == false)
            var killer: ProcessEntry?
            // Popen returns a moment before the table shows the new command line.
            _ = await eventually {
                killer = ProcessEntry.all(naming: session).first { $0.name == "sh" }
                return killer != nil
            }
            let interpreter = try HeldProcess(#require(killer).parent)
            var go = HTTPClientRequest(url: "\(daemon.base)/v1/sessions/\(session)/files/go")
            go.method = .PUT
            #expect(try await daemon.http.execute(go, timeout: .seconds(10)).status == .noContent)
            #expect(try await interpreter.ends(within: .seconds(10)))
            let next = try await daemon.call("print('next')", in: session)
            #expect(next.text.hasPrefix("[Since the last cell, Python ended"))
            #expect(next.text.hasSuffix("next"))
            try await expectFilesOnly()
        }

        private func prepare() async throws {
            _ = try await daemon.call("lost = 1; open('/mnt/data/kept', 'w').write('file')", in: session)
            #expect(try await daemon.call("lost", in: session).text == "1")
        }

        private func expectFilesOnly() async throws {
            #expect(try await daemon.call("lost", in: session).text.contains("NameError"))
            #expect(try await daemon.call("print(open('/mnt/data/kept').read())", in: session).text == "file")
        }
    }
}
