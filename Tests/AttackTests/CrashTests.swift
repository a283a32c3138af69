import Foundation
import Testing

extension AttackTests {
    /// That a crash in a session stays there, also where the machine hands cores to a program.
    @Suite(.serialized, .worker, .enabled(if: CoreHelper.canBeSet, "kernel.core_pattern cannot be set here"))
    struct Crashes {
        @Test(arguments: [
            "ctypes.string_at(0)", "os.abort()", "os.kill(os.getpid(), signal.SIGQUIT); time.sleep(9)",
            "resource.setrlimit(resource.RLIMIT_CORE, (0, 0))", "resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))",
        ])
        func `a crash in a cell starts no helper of the machine's`(crash: String) async throws {
            let worker = try #require(TestWorker.current)
            let helper = try CoreHelper()
            defer { helper.remove() }
            try helper.crash("before")
            let cell = """
                import ctypes, os, resource, signal, subprocess, time
                ctypes.CDLL(None).prctl(15, b'attacker')  # PR_SET_NAME
                os.symlink('/bin/sh', '/tmp/attacker')
                subprocess.run(['/tmp/attacker', '-c', 'ulimit -c 0; kill -SEGV $$'])
                try: \(crash)
                except OSError: pass
                ctypes.string_at(0)
                """
            let seen = try await worker.session { try await $0.run(cell) }
            // Started after the cell's, if there were any.
            try helper.crash("after")
            let isKept = helper.started == ["before", "after"]
            #expect(isKept, "\(helper.started)")
            #expect(seen.summary.hasPrefix("signaled"), "\(seen.summary): \(seen.text)")
            Report.add("core helper: \(crash)", outcome: seen.summary, problems: isKept ? [] : ["it was started"])
        }
    }
}

/// A program that the machine starts, as root, for each process of it that crashes; it notes the process's name.
private struct CoreHelper {
    private static let pattern = "/proc/sys/kernel/core_pattern"
    /// Whether this process may say what becomes of cores.
    static var canBeSet: Bool { FileManager.default.isWritableFile(atPath: pattern) }

    private let directory: URL
    private let before: String

    /// Takes the place of what the machine does with cores until it is removed.
    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "harmonium-core-\(getpid())")
        before = try String(contentsOfFile: CoreHelper.pattern, encoding: .utf8)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let program = directory.appending(path: "helper").path
        try "#!/bin/sh\necho \"$1\" >>\(directory.path)/started\n".write(
            toFile: program,
            atomically: true,
            encoding: .utf8
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try "|\(program) %e".write(toFile: CoreHelper.pattern, atomically: false, encoding: .utf8)
    }

    /// The names of the processes for which it was started.
    var started: [String] {
        let text = try? String(contentsOf: directory.appending(path: "started"), encoding: .utf8)
        return text?.split(separator: "\n").map(String.init) ?? []
    }

    /// Lets a process outside of any session crash, with this name and a limit of none, and waits for the helper.
    func crash(_ name: String) throws {
        let program = directory.appending(path: name)
        try? FileManager.default.createSymbolicLink(atPath: program.path, withDestinationPath: "/bin/sh")
        let process = try Process.run(program, arguments: ["-c", "ulimit -c 0; kill -SEGV $$"])
        process.waitUntilExit()
        #expect(eventually { started.contains(name) }, "the machine starts no helper at all")
    }

    func remove() {
        try? before.write(toFile: CoreHelper.pattern, atomically: false, encoding: .utf8)
        try? FileManager.default.removeItem(at: directory)
    }
}
