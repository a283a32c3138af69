import Foundation
import LinuxSystem
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import Chromium
@testable import WebFetch

/// That a program which strangers have taken over by what it reads reaches nothing of this machine.
///
/// Python runs in its place, and tries.
@Suite(
    .bounded,
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "no /usr/bin/python3")
)
struct TakenOverProgramTests {
    /// What it tries everywhere.
    private static let reaching = ["read", "write", "make", "connect", "network", "see", "signal"]

    @Test func `the reader of documents reaches nothing, and the same program outside does`() async throws {
        try await withBait { bait in
            let control = try await Self.output(of: [bait.script])
            for name in Self.reaching + ["cores"] { #expect(control.contains(" \(name)"), "\(control)") }
            for isRoot in geteuid() == 0 ? [true, false] : [false] {
                var reader = ConfinedReader(
                    program: "/usr/bin/python3",
                    arguments: ["-c", bait.source],
                    seconds: 60,
                    memoryBytes: 1 << 30
                )
                reader.isRoot = isRoot
                let becoming = ["/usr/bin/setpriv", "--reuid=1234", "--regid=1234", "--clear-groups", "--"]
                let output = try await Self.output(of: (geteuid() == 0 && !isRoot ? becoming : []) + reader.words)
                #expect(output == "limit on cores: (1, 1)\ncould:\n", "as root: \(isRoot)")
            }
        }
    }

    @Test func `a program in the place of Chromium reaches nothing of the machine`() async throws {
        try await withBait { bait in
            let program = try #require(ChromiumProgram(at: bait.script))
            let command = program.command
            let result = try await Subprocess.run(
                command.executable,
                arguments: command.arguments,
                environment: command.environment,
                input: .none,
                output: .string(limit: 1 << 16),
                error: .string(limit: 1 << 16)
            )
            // Its own sandbox makes namespaces, and its root is memory of its own: a file made there is none of these.
            let reaching = Self.reaching.filter { !["write", "make"].contains($0) } + ["cores"]
            #expect(try bait.isUntouched)
            let could = result.standardOutput.split(separator: "\n").last?.split(separator: " ").dropFirst() ?? ["none"]
            #expect(result.standardOutput.hasPrefix("limit on cores: (1, 1)\n"), "\(result.standardError)")
            #expect(Set(could.map(String.init)).isDisjoint(with: reaching), "\(could)")
        }
    }

    /// What a program says, be it that it failed.
    private static func output(of words: [String]) async throws -> String {
        try await Subprocess.run(
            .path(FilePath(words[0])),
            arguments: Arguments(Array(words.dropFirst())),
            input: .none,
            output: .string(limit: 1 << 16),
            error: .combinedWithOutput
        ).standardOutput
    }
}

/// What a hostile program would like to reach, and a script that tries; it writes where Chromium's answers go too.
private struct Bait {
    let script: String
    let source: String
    /// The file that no confined program may read or change.
    let secret: String

    /// Whether the files of this machine are as they were.
    var isUntouched: Bool {
        get throws {
            let folder = URL(filePath: secret).deletingLastPathComponent().path(percentEncoded: false)
            return try String(contentsOfFile: secret, encoding: .utf8) == "secret"
                && !FileManager.default.fileExists(atPath: "\(folder)/made")
        }
    }
}

/// Lends files, a socket and a process that anybody may reach who is not kept from it.
private func withBait(_ body: (Bait) async throws -> Void) async throws {
    // Not below /tmp, over which Chromium's own is mounted.
    let folder = URL(filePath: "/var/tmp/bait-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Where a program lies is shown to it: the bait lies elsewhere.
    let place = folder.appending(path: "program")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
    let secret = folder.appending(path: "secret").path(percentEncoded: false)
    try Data("secret".utf8).write(to: URL(filePath: secret))
    let socket = folder.appending(path: "socket").path(percentEncoded: false)
    let listener = try UnixSocket.listen(at: socket)
    defer { withExtendedLifetime(listener) {} }
    let facts = "'\(secret)', '\(socket)', \(ProcessInfo.processInfo.processIdentifier)"
    let source = hostileSource.replacing("FACTS", with: facts)
    let script = place.appending(path: "script").path(percentEncoded: false)
    try Data("#!/usr/bin/python3 -IB\n\(source)".utf8).write(to: URL(filePath: script))
    for path in [folder.path(percentEncoded: false), place.path(percentEncoded: false), secret, script] {
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
    }
    try await body(Bait(script: script, source: source, secret: secret))
}

private let hostileSource = """
    import ctypes, os, resource, signal, socket, sys
    secret, address, pid = FACTS
    def local(kind, where):
        with socket.socket(kind) as s:
            s.connect(where)
    def listed():
        others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()]
        if not others: raise OSError("nobody")
    def call(number, *arguments):
        if ctypes.CDLL(None, use_errno=True).syscall(number, *arguments) < 0:
            raise OSError(ctypes.get_errno(), "call")
    limit = resource.getrlimit(resource.RLIMIT_CORE)
    tries = {
        "read": lambda: open(secret).read(),
        "write": lambda: open(secret, "a").write("x"),
        "make": lambda: open(os.path.dirname(secret) + "/made", "w").write("x"),
        "connect": lambda: local(socket.AF_UNIX, address),
        "network": lambda: local(socket.AF_INET, ("127.0.0.1", 1)),
        "see": listed,
        "signal": lambda: os.kill(pid, 0),
        "cores": lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
        "namespace": lambda: call(272, 0x10000000),
        "mount": lambda: call(165, 0, b"/usr", 0, 32, 0),
        "trace": lambda: call(101, 0, 0, 0, 0),
        "keys": lambda: call(250, 0, -3, 1),
        "ring": lambda: call(425, 8, ctypes.create_string_buffer(120)),
    }
    done = []
    for name, attempt in tries.items():
        try:
            attempt()
            done.append(name)
        except ConnectionRefusedError:
            done.append(name)
        except Exception:
            pass
    # Chromium hears and answers on 3 and 4.
    os.write(4 if "--headless" in sys.argv else 1, f"limit on cores: {limit}\\ncould: {' '.join(done)}".strip().encode() + b"\\n")
    """
