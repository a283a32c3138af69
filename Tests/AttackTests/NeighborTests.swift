import Foundation
import PythonProtocol
import Testing

extension AttackTests {
    /// That sessions do not reach, hear or hold up one another.
    @Suite(.serialized, .worker) struct Neighbors {
        /// A cell for the one, a cell for the other, and what the other must not write, or write at all.
        struct Pair: CustomTestStringConvertible, Sendable {
            let name: String
            let first: String
            let second: String
            let has: String

            var testDescription: String { name }
        }

        static let pairs = [
            Pair(
                name: "abstract sockets",
                first: "import socket\ns = socket.socket(socket.AF_UNIX); s.bind('\\0shared'); s.listen()",
                second: "import socket\ntry: socket.socket(socket.AF_UNIX).connect('\\0shared'); print('HOLE')\n"
                    + "except OSError as e: print(e.errno)",
                has: "^(1|111)$"
            ),
            Pair(
                name: "shared memory and queues of System V",
                first: "import ctypes\nl = ctypes.CDLL(None)\nprint(l.shmget(77, 4096, 0o1666), l.msgget(77, 0o1666))",
                second:
                    "import ctypes\nl = ctypes.CDLL(None)\nprint(l.shmget(77, 0, 0), l.msgget(77, 0), l.semget(77, 0, 0))",
                has: "^-1 -1 -1$"
            ),
            Pair(
                name: "queues and semaphores of POSIX",
                first: "import ctypes, multiprocessing.shared_memory as m\n"
                    + "m.SharedMemory('shared', True, 4096); ctypes.CDLL(None).mq_open(b'/shared', 0o102, 0o666, 0)",
                second: "import ctypes, os\nprint(os.listdir('/dev/shm'), ctypes.CDLL(None).mq_open(b'/shared', 2))",
                has: #"^\[\] -1$"#
            ),
            Pair(
                name: "files",
                first: "for d in '/tmp', '/mnt/data', '/dev/shm': open(d + '/shared', 'w').write('x')",
                second: "import os\nprint([os.listdir(d) for d in ('/tmp', '/mnt/data', '/dev/shm')])",
                has: #"^\[\[\], \[\], \[\]\]$"#
            ),
            Pair(
                name: "processes",
                first: "import subprocess\np = subprocess.Popen(['sleep', '60'])",
                second: "import os\nprint([p for p in os.listdir('/proc') if p.isdigit()] == [str(os.getpid())])",
                has: "^True$"
            ),
            Pair(
                name: "descriptors under way",
                first: "import socket\na, b = socket.socketpair(); a.setblocking(False)\ntry:\n"
                    + "  while True: socket.send_fds(a, [b'x'], [0] * 250)\nexcept OSError as e: print(e.errno)",
                second: "import socket\na, b = socket.socketpair(); socket.send_fds(a, [b'x'], [0]); print('sent')",
                has: "^sent$"
            ),
            Pair(
                name: "pipes",
                first: "import fcntl, os\nP = [os.pipe() for _ in range(100)]\ntry:\n"
                    + "  for r, w in P: fcntl.fcntl(w, 1031, 1 << 20)\nexcept OSError: pass\ntry:\n"
                    + "  while True: P.append(os.pipe())\nexcept OSError: pass",
                second: "import fcntl, os\nprint(fcntl.fcntl(os.pipe()[1], 1032))",
                has: "^65536$"
            ),
            Pair(
                name: "a host name",
                first: "import socket\ntry: socket.sethostname('hostile')\nexcept OSError: pass",
                second: "import socket\nprint(socket.gethostname())",
                has: "^sandbox$"
            ),
        ]

        @Test(arguments: pairs)
        func `what one session makes another does not find`(pair: Pair) async throws {
            let worker = try #require(TestWorker.current)
            let seen = try await worker.session { first in
                try #require(try await first.run(pair.first).outcome?.end == .completed)
                return try await worker.session { try await $0.run(pair.second) }
            }
            let expectation = Expectation(.completed, has: [pair.has])
            let problems = expectation.problems(with: seen)
            Report.add("neighbor: \(pair.name)", outcome: seen.summary, problems: problems)
            #expect(problems == [], "\(seen.text)")
        }

        @Test func `what one session makes, it finds itself`() async throws {
            let worker = try #require(TestWorker.current)
            let text = try await worker.session { client in
                for pair in Self.pairs.prefix(4) { _ = try await client.run(pair.first) }
                return try await client.run(
                    """
                    import ctypes, os, socket
                    l = ctypes.CDLL(None)
                    t = socket.socket(socket.AF_UNIX); t.connect('\\0shared')
                    print(l.shmget(77, 0, 0) >= 0, l.msgget(77, 0) >= 0, os.listdir('/dev/shm') != [], os.listdir('/tmp'))
                    """
                ).text
            }
            try #require(text == "True True True ['shared']\n")
        }

        @Test func `random numbers are each session's own`() async throws {
            let worker = try #require(TestWorker.current)
            let cell = """
                import random, uuid, secrets, ssl, tempfile, numpy, os, multiprocessing, scipy.stats
                for n in (random.random(), uuid.uuid4(), secrets.token_hex(), tempfile.mktemp(), numpy.random.rand(), uuid.uuid1(),
                          bytes(multiprocessing.current_process().authkey), numpy.random.default_rng().random(), os.urandom(8),
                          numpy.random.RandomState().rand(), random.SystemRandom().random(), scipy.stats.norm.rvs()): print(n)
                # All have the same number here, and each takes what OpenSSL gives it.
                if os.fork() == 0:
                    print(ssl.RAND_bytes(8), flush=True)
                    os._exit(0)
                os.wait()
                print(ssl.RAND_bytes(8))
                """
            var texts: [String] = []
            for _ in 0..<3 { texts.append(try await worker.session { try await $0.run(cell) }.text) }
            let lines = texts.flatMap { $0.split(separator: "\n") }
            try #require(lines.count == 42)
            try #require(Set(lines).count == 42)
            Report.add("rng-random", outcome: "\(Set(lines).count) of 42 differ", problems: [])
        }

        @Test func `sixteen attackers at once leave a good session its turn`() async throws {
            let worker = try #require(TestWorker.current)
            let cells = [
                "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass", "while True: pass",
                "import threading\nfor _ in range(100): threading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()",
                "while True: print('x' * 10000)",
                "import os\nfor _ in range(60):\n  if os.fork() == 0:\n    os.setsid()\n    while True: pass",
            ]
            let slowest = try await worker.session { good in
                _ = try await good.run("import numpy")
                return try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in 0..<16 {
                        let cell = cells[index % cells.count]
                        group.addTask {
                            _ = try await worker.session { try await $0.run(cell, limitMilliseconds: 2500) }
                        }
                    }
                    var slowest = Duration.zero
                    for number in 0..<20 {
                        let seen = try await good.run("import time; time.sleep(0.05); print(\(number) + 1)")
                        try #require(seen.text == "\(number + 1)\n")
                        slowest = max(slowest, seen.duration)
                    }
                    let opened = try await worker.session { try await $0.run("print(1)") }
                    try #require(opened.text == "1\n")
                    try await group.waitForAll()
                    return slowest
                }
            }
            try #require(slowest < .seconds(3))
            try #require(eventually { Host.areQuiet(worker.pid) })
            Report.add("sixteen attackers", outcome: "a good cell took at most \(slowest)", problems: [])
        }

        @Test func `sessions that come and go leave nothing`() async throws {
            let worker = try #require(TestWorker.current)
            for _ in 0..<15 {
                try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<16 {
                        group.addTask {
                            try await worker.session { try await $0.run("print(1)", limitMilliseconds: 30_000) }.text
                        }
                    }
                    for try await text in group { try #require(text == "1\n") }
                }
            }
            try #require(eventually { Host.areQuiet(worker.pid) })
            try #require(eventually { Host.groups(of: worker.pid).count <= TestWorker.poolSize })
            try #require(Host.descriptorCount(of: worker.pid) < 64)
            Report.add("zyg-fork-storm", outcome: "240 sessions", problems: [])
        }

        @Test func `closing a session ends all it has started at once`() async throws {
            let worker = try #require(TestWorker.current)
            let cell = """
                import os, time
                for _ in range(40):
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0: time.sleep(600)
                        os._exit(0)
                """
            let grown = try await worker.session { client in
                _ = try await client.run(cell)
                return Host.descendants(of: worker.pid).count
            }
            try #require(grown > 40)
            try #require(eventually { Host.areQuiet(worker.pid) })
        }
    }
}

extension Host {
    /// How many descriptors a process has open.
    static func descriptorCount(of pid: Int32) -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count) ?? 0
    }
}
