import Foundation
import PythonProtocol
import Testing

extension AttackTests {
    /// What sessions of other kinds of workers see, and what all sessions together are held to.
    @Suite(.serialized) struct World {
        @Test(arguments: [("auto", "^111$"), ("never", "^111$")])
        func `abstract sockets are a session's own where Landlock is missing`(sharing: String, has: String) async throws
        {
            try await World.expectAbstractSocket(sharing: sharing, has: has)
        }

        /// The control of the test above: what it would see.
        @Test func `abstract sockets are shared there if the operator says so`() async throws {
            try await World.expectAbstractSocket(sharing: "always", has: "^HOLE$")
        }

        private static func expectAbstractSocket(sharing: String, has: String) async throws {
            let pair = try #require(Neighbors.pairs.first { $0.name == "abstract sockets" })
            var way = TestWorker.Way.withoutLandlock
            way.options["--shared-network"] = sharing
            try await TestWorker.withOne(way) { worker in
                let seen = try await worker.session { first in
                    try #require(try await first.run(pair.first).outcome?.end == .completed)
                    return try await worker.session { try await $0.run(pair.second) }
                }
                #expect(found(has, in: seen.text), "\(seen.text)")
            }
        }

        @Test(.enabled(if: TestWorker.isRoot, "it takes root to be a member of a group for a test"))
        func `a session does not read what only a group of the worker's may`() async throws {
            let directory = URL(filePath: "/usr/local/share/harmonium-\(UUID())")
            defer { try? FileManager.default.removeItem(at: directory) }
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            for (name, mode) in [("all", 0o644), ("group", 0o640)] {
                let file = directory.appending(path: name)
                try "text of \(name)".write(to: file, atomically: true, encoding: .utf8)
                let attributes: [FileAttributeKey: Any] = [
                    .posixPermissions: mode, .groupOwnerAccountID: TestWorker.Way.group,
                ]
                try FileManager.default.setAttributes(attributes, ofItemAtPath: file.path)
            }
            let read =
                "import subprocess\nprint(subprocess.run(['cat', '\(directory.path)/all', '\(directory.path)/group']))"
            try await TestWorker.withOne(.memberOfGroup) { worker in
                let text = try await worker.session { try await $0.run(read) }.text
                #expect(text.contains("text of all") && !text.contains("text of group"), "\(text)")
                #expect(text.contains("Permission denied"))
            }
            // Without a session the same user reads it.
            let cat = try Process.run(
                URL(filePath: "/usr/bin/env"),
                arguments: TestWorker.Way.memberOfGroup.launcher + ["grep", "-q", "text", "\(directory.path)/group"]
            )
            cat.waitUntilExit()
            #expect(cat.terminationStatus == 0)
        }

        @Test func `all sessions together are held to half of the processes that there can be`() async throws {
            try await TestWorker.withOne(.usual) { worker in
                guard let group = Host.processGroup(of: worker.pid) else {
                    try Test.cancel("no control group bounds processes here")
                }
                let machine = min(
                    try Host.number("/proc/sys/kernel/pid_max"),
                    try Host.number("/proc/sys/kernel/threads-max")
                )
                #expect(try Host.number("\(group)/pids.max") <= machine / 2)
                let grown = try await worker.session { client in
                    let before = try Host.number("\(group)/pids.current")
                    _ = try await client.run(
                        "import subprocess\nP = [subprocess.Popen(['sleep', '60']) for _ in range(40)]"
                    )
                    return try Host.number("\(group)/pids.current") - before
                }
                #expect(grown >= 40, "what is bounded is not what sessions start")
            }
        }

        @Test(.enabled(if: TestWorker.isRoot, "as another user devices are the machine's own"))
        func `a lock on a device is not seen outside of the session`() async throws {
            try await TestWorker.withOne(.usual) { worker in
                try await worker.session { client in
                    let cell =
                        "import fcntl, os\nd = os.open('/dev/null', os.O_RDWR)\nfcntl.flock(d, fcntl.LOCK_SH)"
                        + "\nfcntl.lockf(d, fcntl.LOCK_SH)\nprint('locked')"
                    try #require(try await client.run(cell).text == "locked\n")
                    let device = try #require(FileHandle(forUpdatingAtPath: "/dev/null"))
                    #expect(flock(device.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
                    #expect(lockf(device.fileDescriptor, F_TLOCK, 0) == 0)
                }
            }
        }

        /// What docs/security.md says is not defended; the test above is how it is where it is.
        @Test(.enabled(if: TestWorker.isRoot, "it takes root to be another user"))
        func `a lock on a device is the machine's where the worker is an ordinary user's`() async throws {
            let cell = """
                import fcntl
                device = open('/dev/full', 'r+b', 0)
                try: fcntl.flock(device, fcntl.LOCK_EX | fcntl.LOCK_NB); print('locked')
                except OSError as error: print(error.errno)
                """
            try await TestWorker.withOne(.ordinaryUser) { worker in
                try await worker.session { first in
                    try #require(try await first.run(cell).text == "locked\n")
                    #expect(try await worker.session { try await $0.run(cell).text } == "\(EWOULDBLOCK)\n")
                    let device = try #require(FileHandle(forUpdatingAtPath: "/dev/full"))
                    #expect(flock(device.fileDescriptor, LOCK_EX | LOCK_NB) == -1)
                    _ = try await first.run("device.close()")
                    #expect(flock(device.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
                }
            }
        }
    }
}

extension TestWorker {
    /// Lends a worker to `body` that is started in this `way`.
    static func withOne(_ way: Way, _ body: (TestWorker) async throws -> Void) async throws {
        let worker = try TestWorker(way)
        defer { worker.removeDirectory() }
        try await body(worker)
        #expect(try worker.end() == 0)
    }
}

extension TestWorker.Way {
    /// A group that only the worker of a test is in.
    static let group: gid_t = 54_322
    /// As somebody without any right who is in ``group``.
    static var memberOfGroup: Self {
        var way = ordinaryUser
        way.launcher = way.launcher.map { $0 == "--clear-groups" ? "--groups=\(group)" : $0 }
        return way
    }
    /// On a kernel that says it has no Landlock.
    static var withoutLandlock: Self {
        let program = """
            import ctypes, os, sys
            seccomp = ctypes.CDLL("libseccomp.so.2")
            seccomp.seccomp_init.restype = ctypes.c_void_p
            allow, fail_nosys = 0x7FFF0000, 0x00050000 | 38
            filter = ctypes.c_void_p(seccomp.seccomp_init(allow))
            number = seccomp.seccomp_syscall_resolve_name(b"landlock_create_ruleset")
            assert seccomp.seccomp_rule_add_array(filter, fail_nosys, number, 0, None) == 0
            assert seccomp.seccomp_load(filter) == 0
            os.execv(sys.argv[1], sys.argv[1:])
            """
        return Self(launcher: ["/usr/bin/python3", "-c", program])
    }
}

extension Host {
    /// The directory of a worker's group that bounds processes, nil where groups cannot be made.
    static func processGroup(of worker: Int32) -> String? {
        let root = URL(filePath: "/sys/fs/cgroup")
        let tree = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        while let place = tree?.nextObject() as? URL {
            if place.pathComponents.suffix(2) == ["harmonium-\(worker)", "pids.max"] {
                return place.deletingLastPathComponent().path
            }
        }
        return nil
    }

    /// A number that is all of a file; `max` is more than any other.
    static func number(_ path: String) throws -> Int {
        let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        return text == "max" ? .max : try #require(Int(text))
    }
}
