import Foundation

/// How each of the faults of security that were found in the field is tried.
enum SecurityField {
    /// What a cell should come to.
    struct Cell: Sendable {
        let code: String
        var network: String?
        /// Whether what the shared folder has as its code should come to the same.
        var isAlsoAsRecorded = false
        let shown: BrowserField.Expectation
    }

    /// Cells that a session of a daemon runs.
    static let cells: [String: Cell] = [
        // CLONE_PARENT: the child would be the supervisor's sibling, which nothing waits for.
        "rt-clone-parent": raising(
            """
            import ctypes, signal
            libc = ctypes.CDLL(None)
            if libc.syscall(56, 0x8000 | signal.SIGCHLD, None, None, None, 0) == 0:
                libc.syscall(231, 0)
            """,
            "^\\[no (visible )?output"
        ),
        "rt-dnotify": raising(
            """
            import fcntl, os
            fcntl.fcntl(os.open('/usr/lib/python3', os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS | fcntl.DN_MULTISHOT)
            """,
            "OSError: \\[Errno 38\\]"
        ),
        "rt-dev-utime": raising("import os; os.utime('/dev/zero', (0, 0))", "OSError: \\[Errno 30\\]"),
        "rt-dev-lock": raising(
            "import fcntl; fcntl.lockf(open('/dev/zero', 'r+b', 0), fcntl.LOCK_EX | fcntl.LOCK_NB)",
            "BlockingIOError: \\[Errno 11\\]"
        ),
        "rt-mptcp": raising(
            "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)",
            "OSError: \\[Errno 93\\]",
            network: "loopback"
        ),
        "rt-msg-oob": raising(
            "import socket; socket.socketpair()[1].sendmsg([b'u'], [], socket.MSG_OOB)",
            "OSError: \\[Errno 95\\]"
        ),
        "rt-svg": Cell(
            code: """
                import os
                frame = b"\\x0dimage/svg+xml<svg onload='alert(1)'></svg>"
                for fd in range(900, 910):
                    try:
                        os.write(fd, len(frame).to_bytes(4, 'little') + b'\\x01' + frame)
                        break
                    except OSError: pass
                """,
            shown: .init(shown: ["a picture was left out"], absent: ["svg"])
        ),
        "ok-upper-bits": hostile("kernel-upper_bits"),
        "ok-ns-ioctls": hostile("kernel-namespace_ioctls"),
        "ok-prctl": hostile("kernel-other_rights"),
        "ok-pid1": hostile("signal-supervisor"),
    ]

    /// What another test tries: in a world of its own, or with more patience than a table has.
    static let elsewhere: [String: String] = [
        "rt-core-pattern": "a crash in a cell starts no helper of the machine's",
        "rt-upload-memory": "files put into a session count in its group",
        "rt-pids-total": "all sessions together are held to half of the processes that there can be",
        "rt-slow-download": "a download that is not read holds up neither calls nor lists nor other downloads",
        "rt-running-slots": "two hundred cells that sleep keep no other client's call waiting",
        "rt-cancel-deaf": "an interrupt is heard while a stopped interpreter does not take its next cell",
        "rt-own-port": "the daemon's own port is refused whatever a pattern says",
        "rt-cli-escape": "a cell's output reaches a program as it is, and a terminal without what it would obey",
        "rt-supervisor-buffer": "an unfinished frame counts in the session's group",
        "rl-shared-memory": "shared memory beyond the limit ends the interpreter, and less does not",
        "rl-groups": "a session does not read what only a group of the worker's may",
        "rl-runtime-dir-other-ns": "a directory that a process holds stays, and one that none holds goes",
        "rl-runtime-dir-squat": "a directory that a process holds stays, and one that none holds goes",
        "rt-pdf-confinement": "the reader of documents reaches nothing, and the same program outside does",
        "rt-systemd-caps": "the daemon starts with the capabilities that its unit leaves it",
        "ok-ipc": "what one session makes another does not find",
        "ok-kmem": "what the kernel keeps for a session counts in its group",
        "ok-vfork": "a hostile cell is warded off",
        "ok-starve-root": "sixteen attackers at once leave a good session its turn",
        "ok-egress-http": "what could be read in two ways is refused",
        "ok-harmony-specials": "output that spells control tokens has none",
        "ok-entropy": "random numbers are each session's own",
        "ok-chromium": "a program in the place of Chromium reaches nothing of the machine",
        "doc-sessions": "empty files put into new sessions take no place from a call, nor from variables",
    ]

    /// What is said in docs/security.md to be as it is, and why.
    static let judged: [String: String] = [
        "rl-setsid-share":
            "the kernel shares processors by autogroup first; groups of root's or a sysctl help",
        "doc-nonce": "an end is the cell's own claim, about itself alone",
        "doc-name": "names are no passwords: a proxy in front tells people apart",
    ]

    /// What shows a pattern, as does the code that the shared folder has for it.
    private static func raising(_ code: String, _ pattern: String, network: String? = nil) -> Cell {
        Cell(code: code, network: network, isAlsoAsRecorded: true, shown: .init(shown: [pattern]))
    }

    /// One of `sandbox/hostile`, which says `closed` where it found no hole.
    private static func hostile(_ name: String) -> Cell {
        let file = Program.packageRoot.appending(path: "sandbox/hostile/\(name).py")
        let code = try? String(contentsOf: file, encoding: .utf8)
        return Cell(code: code ?? "", shown: .init(shown: ["^closed$"], absent: ["HOLE"]))
    }

    /// Whether a suite has a test with this name.
    static func isTest(_ name: String) throws -> Bool {
        let folder = Program.packageRoot.appending(path: "Tests")
        guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
            return false
        }
        for case let file as URL in files where file.pathExtension == "swift" {
            if try String(contentsOf: file, encoding: .utf8).contains("func `\(name)`(") { return true }
        }
        return false
    }
}
