import ContainerProtocol
import Foundation
import Glibc
import SandboxProtocol
import Testing

extension AttackTests {
    /// What root of a container tries against its supervisor, its worker and the machine.
    @Suite(.serialized, .worker(.container)) struct HostileContainer {
        @Test(arguments: ContainerAttacks.all)
        func `an attack of root's is warded off`(attack: ContainerAttacks.Attack) async throws {
            try await attack.carryOut()
        }

        @Test func `without a session around it a process may spare itself when memory runs out`() throws {
            let shell = Process()
            shell.executableURL = URL(filePath: "/bin/sh")
            shell.arguments = ["-c", "echo 500 > /proc/self/oom_score_adj; \(ContainerAttacks.sparing("/proc/self"))"]
            try shell.run()
            shell.waitUntilExit()
            #expect(shell.terminationStatus == 0)
        }
    }

    /// The same where the worker is an ordinary user's.
    @Suite(
        .serialized,
        .worker(.ordinaryContainer),
        .enabled(if: TestWorker.isRoot, "it takes root to be another user")
    )
    struct HostileOrdinaryContainer {
        @Test(arguments: ContainerAttacks.all.filter { !$0.needsRoot })
        func `an attack of root's is warded off without root's rights too`(
            attack: ContainerAttacks.Attack
        ) async throws {
            try await attack.carryOut()
        }
    }
}

/// Scripts that root of a container runs, each with one that shows that it could have succeeded.
enum ContainerAttacks {
    struct Attack: CustomTestStringConvertible, Sendable {
        let name: String
        /// Says `HOLE` if it succeeds.
        let script: String
        /// Exits with 0 in the same session afterwards.
        var control = "true"
        var needsRoot = false

        var testDescription: String { name }

        func carryOut() async throws {
            let worker = try #require(TestWorker.current)
            let problems = try await worker.container { client in
                let seen = try await client.bash(script, limitMilliseconds: 15_000)
                var problems = seen.outcome == nil ? ["the session has ended"] : []
                if seen.text.contains("HOLE") || seen.text.contains(Host.canary) { problems.append(seen.text) }
                guard problems.isEmpty else { return problems }
                let after = try await client.bash(control)
                if after.outcome?.end != .exited(0) { problems.append("the control: \(after.text)") }
                return problems
            }
            let neighbor = try await worker.container { try await $0.bash("echo on").text }
            #expect(problems == [] && neighbor == "on\n")
            #expect(eventually { Host.descendants(of: worker.pid).count <= TestWorker.poolSize })
            Report.add("container: \(name)", outcome: "", problems: problems)
        }
    }

    static let all = supervisor + kernel + resources

    /// Has the kernel kill others first, as any process may that was to be the first, unless it began with less.
    static func sparing(_ process: String) -> String { "echo 0 > \(process)/oom_score_adj" }

    /// Against PID 1, which holds more rights than they have.
    private static let supervisor: [Attack] = [
        Attack(
            name: "look into the supervisor",
            script: """
                for f in environ maps mem auxv stack syscall pagemap io; do head -c1 /proc/1/$f && echo HOLE $f; done
                for f in fd ns root cwd task/1/fd map_files; do ls /proc/1/$f/ && echo HOLE $f; done
                readlink /proc/1/exe && echo HOLE; readlink /proc/1/root && echo HOLE; true
                """,
            control: "head -c1 /proc/self/environ && ls /proc/self/fd/ && readlink /proc/self/exe"
        ),
        Attack(
            name: "change the supervisor",
            script: """
                for f in oom_score_adj comm coredump_filter timerslack_ns uid_map gid_map setgroups; do
                    echo 1 > /proc/1/$f && echo HOLE $f
                done
                python3 - <<'END'
                import os, resource
                for change in (
                    lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (1, 1)),
                    lambda: os.sched_setaffinity(1, [0]), lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
                    lambda: os.setpriority(os.PRIO_USER, 0, 19),
                    lambda: os.setpriority(os.PRIO_PGRP, 1, 19),
                    lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
                ):
                    try:
                        change()
                        print('HOLE')
                    except OSError: pass
                END
                """,
            control: "python3 -c 'import resource as r; r.prlimit(0, r.RLIMIT_NOFILE, (64, 64))' && nice true"
        ),
        Attack(
            name: "signal the supervisor",
            script: "for s in $(seq 1 64); do kill -$s 1; done; kill -STOP -1; true",
            control: "sleep 9 & kill -9 $!"
        ),
        Attack(
            name: "be root after all",
            script: """
                cp /bin/bash /tmp/b; chmod 4755 /tmp/b
                setpriv --reuid=1234 --regid=1234 --clear-groups --inh-caps=-all -- /tmp/b -p -c 'id -u' | grep -qx 0 && echo HOLE
                true
                """,
            control: "setpriv --reuid=1234 --regid=1234 --clear-groups --inh-caps=-all -- id -u | grep -qx 1234",
            needsRoot: true
        ),
        Attack(
            name: "leave by chroot",
            script: """
                python3 - <<'END'
                import os
                os.makedirs('/tmp/inner')
                os.chroot('/tmp/inner')
                for _ in range(64): os.chdir('..')
                os.chroot('.')
                print(os.listdir('/'))
                if set(os.listdir('/')) - set('bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin srv sys tmp usr var'.split()):
                    print('HOLE')
                END
                """,
            control: "chroot / true"
        ),
    ]

    /// What the kernel may not be asked for, by number: it fails with EPERM, or does not exist.
    private static let kernel: [Attack] = [
        Attack(
            name: "system calls that are no session's business",
            script: """
                python3 - <<'END'
                import ctypes, errno
                libc = ctypes.CDLL(None, use_errno=True)
                calls = dict(
                    ptrace=101, syslog=103, ustat=136, uselib=134, acct=163, mount=165, umount2=166, swapon=167, reboot=169,
                    sethostname=170, iopl=172, init_module=175, quotactl=179, add_key=248, request_key=249, keyctl=250,
                    inotify_init=253, migrate_pages=256, unshare=272, move_pages=279, perf_event_open=298,
                    fanotify_init=300, name_to_handle_at=303, open_by_handle_at=304, setns=308, process_vm_readv=310,
                    kcmp=312, finit_module=313, kexec_file_load=320, bpf=321, userfaultfd=323, io_uring_setup=425,
                    open_tree=428, move_mount=429, fsopen=430, pidfd_getfd=438, process_madvise=440, mount_setattr=442,
                    landlock_create_ruleset=444, memfd_secret=447, process_mrelease=448, clone3=435, pivot_root=155,
                )
                for name, number in calls.items():
                    if libc.syscall(number, 0, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
                        print('HOLE', name, ctypes.get_errno())
                # A namespace of its own, by clone(2): user, mount, pid, net, ipc, uts, control groups, time.
                for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x8000000, 0x4000000, 0x2000000, 0x8000):
                    child = libc.syscall(56, flag | 17, 0, 0, 0, 0)
                    if child == 0: libc._exit(0)
                    if child > 0: print('HOLE clone', hex(flag))
                END
                """,
            control: "python3 -c 'import ctypes; assert ctypes.CDLL(None).syscall(39) > 0' && (exec true)"
        ),
        Attack(
            name: "sockets of other kinds",
            script: """
                python3 - <<'END'
                import socket
                for family in range(2, 64):
                    for kind in (1, 2, 3, 5):
                        for call in (socket.socket, socket.socketpair):
                            try:
                                call(family, kind)
                                print('HOLE', family, kind)
                            except OSError: pass
                END
                """,
            control: "python3 -c 'import socket; socket.socketpair()'"
        ),
        Attack(
            name: "put input into a terminal, or change what it is",
            script: """
                python3 - <<'END'
                import fcntl, os, pty
                master, slave = pty.openpty()
                # TIOCSTI, TIOCLINUX, TIOCSETD, TIOCCONS, TIOCSSERIAL, KDSKBMODE
                for request in (0x5412, 0x541C, 0x5423, 0x541D, 0x541F, 0x4B45):
                    try:
                        fcntl.ioctl(slave, request, b'x' * 8)
                        print('HOLE', hex(request))
                    except OSError: pass
                END
                """,
            control: "python3 -c 'import os, pty, termios; termios.tcgetattr(pty.openpty()[1])'"
        ),
        Attack(
            name: "what all sessions share",
            script: """
                while read -r _ place _; do
                    case $place in /|/usr|/var/lib/dpkg|/mnt/data|/dev/shm|/dev/pts|/proc) continue;; esac
                    touch $place && echo HOLE $place
                    chmod 777 $place && echo HOLE $place
                    echo x > $place/sitecustomize.py && echo HOLE $place
                done < /proc/self/mounts
                true
                """,
            control: "[ $(wc -l < /proc/self/mounts) -gt 8 ] && touch / /usr/x /mnt/data/x /dev/shm/x"
        ),
        Attack(
            name: "devices",
            script: """
                mknod /tmp/b b 8 0 && echo HOLE; mknod /tmp/c c 1 1 && echo HOLE
                chmod 000 /dev/null && echo HOLE; chown 0 /dev/zero && echo HOLE; rm -f /dev/random && echo HOLE
                mv /dev/urandom /dev/full && echo HOLE; ls /sys | grep . && echo HOLE; true
                """,
            control: "mknod /tmp/p p && echo > /dev/null && head -c1 /dev/urandom | wc -c | grep -qx 1"
        ),
        Attack(
            name: "the machine's settings and groups",
            script: """
                echo '|/tmp/x' > /proc/sys/kernel/core_pattern && echo HOLE
                echo b > /proc/sysrq-trigger && echo HOLE
                cat /proc/kcore /proc/kallsyms /proc/keys /proc/iomem 2>/dev/null | grep -q . && echo HOLE
                grep -qE '^cgroup2? ' /proc/self/mounts && echo HOLE
                date -s 2001-01-01 2>/dev/null; [ $(date +%Y) = 2001 ] && echo HOLE; hostname evil; hostname | grep evil && echo HOLE
                true
                """,
            control: "cat /proc/self/status | grep -q ."
        ),
    ]

    /// What bounds everything a session takes.
    private static let resources: [Attack] = [
        Attack(
            name: "be spared when memory runs out",
            script: """
                mkdir /p; mount -t proc proc /p && echo HOLE; mount -o remount,rw /proc && echo HOLE; umount /proc && echo HOLE
                for f in /proc/self /proc/thread-self /proc/$$ /proc/self/root/proc/$$ /proc/self/task/$$; do
                    \(ContainerAttacks.sparing("$f")) && echo HOLE $f
                done; true
                """,
            control: "grep -qx 500 /proc/self/oom_score_adj && echo on > /proc/self/fd/1"
        ),
        Attack(
            name: "many files",
            script: """
                python3 - <<'END'
                import os
                for place, most in (('/mnt/data', 70_000), ('/dev/shm', 2_000)):
                    try:
                        for number in range(most): os.close(os.open(f'{place}/{number}', os.O_CREAT))
                        print('HOLE', place)
                    except OSError: pass
                END
                """,
            control: "rm -rf /mnt/data/* /dev/shm/*; echo > /mnt/data/file && echo > /dev/shm/file"
        ),
        Attack(
            name: "a full disk, of every kind",
            script:
                "for f in /a /usr/b /mnt/data/c /dev/shm/d; do head -c 1G /dev/zero > $f && echo HOLE $f; done; true",
            control: "rm -f /a /usr/b /mnt/data/c /dev/shm/d; head -c 1M /dev/zero > /a"
        ),
        Attack(
            name: "a file without end",
            script: "truncate -s 1E /tmp/hole && echo HOLE; ulimit -f unlimited && echo HOLE; true",
            control: "truncate -s 1M /tmp/small"
        ),
        Attack(
            name: "every pseudo-terminal",
            script: """
                python3 - <<'END'
                import os
                taken = 0
                try:
                    while taken < 2000:
                        os.open('/dev/ptmx', os.O_RDWR)
                        taken += 1
                    print('HOLE')
                except OSError: pass
                END
                """,
            control: "python3 -c 'import os; os.openpty()'"
        ),
        Attack(
            name: "orphans and zombies",
            script: """
                for i in $(seq 300); do (true & true &) ; done
                # What has ended is gone once its parent, the supervisor, has seen it.
                for i in $(seq 100); do [ $(ls /proc | grep -c '^[0-9]') -le 60 ] && exit 0; sleep 0.1; done
                echo HOLE
                """
        ),
        Attack(
            name: "processes that set themselves apart",
            script:
                "for i in $(seq 2000); do setsid sleep 1000 & done 2>/dev/null; [ $(pgrep -c sleep) -gt 200 ] && echo HOLE; true",
            // Where the table is full, a shell cannot start another program.
            control: "kill -9 -1"
        ),
        Attack(
            name: "System V memory",
            script: """
                python3 - <<'END'
                import ctypes
                libc = ctypes.CDLL(None, use_errno=True)
                libc.shmat.restype = ctypes.c_void_p
                for number in range(40):
                    key = libc.shmget(0, 64 << 20, 0o1600)
                    place = libc.shmat(key, None, 0)
                    if key < 0 or place in (None, 2 ** 64 - 1): break
                    ctypes.memset(place, 1, 64 << 20)
                    libc.shmdt(ctypes.c_void_p(place))
                else: print('HO' + 'LE')  # Bash shows the script of what was killed.
                END
                """,
            needsRoot: true
        ),
        Attack(
            name: "everything deleted",
            script: "rm -rf /etc /dev /root /home /var /tmp /mnt /run 2>/dev/null; echo gone",
            control: "mkdir -p /tmp && echo > /tmp/file"
        ),
    ]
}
