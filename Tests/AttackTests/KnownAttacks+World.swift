extension KnownAttacks {
    /// `EPERM` or `ENOSYS` from the filter: anything else would have come from the kernel's own code.
    private static let refused = Expectation(.completed, has: ["^-1 (1|38)$"])

    /// On the kernel, by its calls.
    static let kernel: [String: Expectation] = [
        "sys-bpf": refused,
        "sys-clone-newuser": refused,
        "sys-fanotify": refused,
        "sys-int80": Expectation(.completed, .signaled(11), .signaled(31), lacks: ["^[1-9]"]),
        "sys-io-uring": refused,
        "sys-iopl": refused,
        "sys-kexec": refused,
        "sys-keyctl": refused,
        "sys-memfd-exec": Expectation(.completed),
        "sys-mount": refused,
        "sys-perf": refused,
        "sys-personality": refused,
        "sys-pivot": refused,
        "sys-ptrace-traceme": refused,
        "sys-sethostname": refused,
        "sys-userfaultfd": refused,
        "sys-vhangup": refused,
        "sys-vmsplice": Expectation(.completed),
        "sys-x32": refused,
        "pidfd-getfd": Expectation(.completed, has: ["^2 -1 1$"], lacks: ["^[0-9]+ [0-9]", "^[0-9]+ -1 (?!1$|38$)"]),
        "ptrace-self-parent": Expectation(.completed, has: ["^0 -1 (1|38)$"], lacks: ["^[0-9]+ 0", "-1 (?!1$|38$)"]),
        "vm-rw": refused,
    ]

    /// On the network, on rights, and on what `/proc` and the file system show.
    static let world: [String: Expectation] = [
        "net-abstract": Expectation(.raised, has: ["ConnectionRefusedError|PermissionError"]),
        "net-dns": Expectation(.raised, has: ["gaierror"], limitMilliseconds: 2000),
        "net-inet": Expectation(.raised, has: ["Errno (101|1|13)\\]"], limitMilliseconds: 1500),
        "net-loopback": Expectation(.completed, .raised, lacks: ["^OPEN"]),
        "net-netlink": Expectation(.raised, has: ["PermissionError"], lacks: ["^OK"]),
        "net-raw": Expectation(.completed, has: ["^(1|101)$"], lacks: ["^OK"]),
        "net-scm": Expectation(.completed, has: ["^[0-9]+ [0-9]+$"]),
        "net-unix-path": Expectation(.completed, has: ["^2\n2\n2\n2$"], lacks: ["CONNECTED"]),
        "priv-devices": Expectation(
            .completed,
            has: [
                #"^\['fd', 'full', 'null', 'random', 'shm', 'stderr', 'stdin', 'stdout', 'urandom', 'zero'\]$"#, "^1$",
            ],
            lacks: ["MADE"]
        ),
        "priv-ldpreload": Expectation(.completed, has: ["^0$"]),
        "priv-setuid": Expectation(
            .completed,
            has: [
                #"CapEff:\\t0{16}\\n"#, #"CapBnd:\\t0{16}\\n"#, #"NoNewPrivs:\\t1\\n"#, #"Seccomp:\\t2\\n"#,
            ],
            lacks: ["^OK"]
        ),
        "priv-tty": Expectation(.completed, has: ["^25\n25$"]),
        "proc-cmdline": Expectation(.completed, lacks: ["token", "key", "secret"]),
        "proc-kcore": Expectation(.completed, lacks: ["^READ"]),
        "proc-sys-write": Expectation(.raised, has: ["FileNotFoundError|PermissionError|Read-only"]),
        "proc-sysrq": Expectation(.raised, has: ["FileNotFoundError|PermissionError|Read-only"]),
        "sys-read": Expectation(.completed, has: ["^/sys False$"], lacks: ["True"]),
        "file-hardlink": Expectation(.completed, has: ["^18$"], lacks: ["LINKED"]),
        "cov-shared-inode": Expectation(.completed, .raised),
    ]

    /// On memory, processes, files, processors and signals.
    static let resources: [String: Expectation] = [
        "res-core": Expectation(.signaled(3)),
        "res-disk": Expectation(.completed, has: ["^/ (30|13|1)$", "^/run (30|13|1)$", "^/dev (30|13|1)$"]),
        "res-forkbomb": Expectation(.timeLimit, limitMilliseconds: 1500),
        "res-fsize": Expectation(.raised, .completed),
        "res-hash-collide": Expectation(.completed),
        "res-inodes": Expectation(.raised, has: ["Errno 28"], limitMilliseconds: 30_000),
        "res-mem-int": Expectation(.timeLimit, limitMilliseconds: 1000),
        "res-mem-one-shot": Expectation(.raised, has: ["MemoryError"]),
        "res-mem-tmpfs": Expectation(.raised, .outOfMemory, has: ["Errno (27|28)|^$"], limitMilliseconds: 20_000),
        "res-nice": Expectation(.completed, has: ["^1\n1$"], lacks: ["^OK"]),
        "res-nofile": Expectation(.raised, has: ["Errno 24"]),
        // The address space has no limit to raise: what is bounded is memory, by the group and by RLIMIT_DATA.
        "res-rlimit-raise": Expectation(.completed, lacks: ["RAISED (6|7|1)$"]),
        "res-threadbomb": Expectation(.raised, has: ["can't start new thread"]),
        // It finds itself, and no other process.
        "kill-zygote": Expectation(.signaled(9)),
        "sig-except": Expectation(.timeLimit, limitMilliseconds: 800),
        "sig-ignore": Expectation(.timeLimit, limitMilliseconds: 800),
        "sig-mask": Expectation(.timeLimit, limitMilliseconds: 800),
        "sig-pdeath": Expectation(.completed, has: ["^0$"]),
        "sig-stop": Expectation(.timeLimit, limitMilliseconds: 800),
    ]
}
