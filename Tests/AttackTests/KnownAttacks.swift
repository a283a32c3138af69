import Foundation

/// Attacks that are known from other sandboxes: cells in a file that is not ours, expectations that are.
enum KnownAttacks {
    /// One of the file's, as far as it is read.
    struct Case: Decodable {
        let id: String
        let code: String
        let then: String?
    }

    private static let file = Places.shared.appending(path: "attacks/python.json")

    static var areHere: Bool { FileManager.default.fileExists(atPath: file.path) }

    static func load() throws -> [Case] {
        try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    }

    /// Those that one cell carries out.
    static let all: [Attack] = ((try? load()) ?? []).compactMap { known in
        guard let expectation = expectations[known.id] else { return nil }
        return Attack(
            name: known.id,
            source: known.code,
            next: known.then ?? Expectation.probe.source,
            expectation: expectation
        )
    }

    static let expectations = embedding.merging(kernel) { $1 }.merging(world) { $1 }.merging(resources) { $1 }

    /// Those that take more than a cell in a session: where they are carried out, or why not.
    static let drivenElsewhere = [
        "rng-random": "two sessions: AttackTests.Neighbors",
        "zyg-fork-storm": "many sessions: AttackTests.Neighbors",
        "file-down-dirswap": "the file service: AttackTests.Files",
        "file-down-race": "the file service: AttackTests.Files",
        "file-special": "the file service: AttackTests.Files",
        "file-up-traverse": "the file service: AttackTests.Files",
        "file-nonutf8": "the file service: AttackTests.Files",
        "res-symlink-dir-bomb": "the file service: AttackTests.Files",
        "api-concurrent": "turns are the daemon's: the worker ends a session that is asked for two runs at once",
        "file-mtime": "the worker does not look for new files: there is nothing to deceive",
    ]
}

extension KnownAttacks {
    /// On the interpreter and what embeds it, on descriptors and on what is reported.
    private static let embedding: [String: Expectation] = [
        "api-disconnect": Expectation(.timeLimit, has: ["^0$", "KeyboardInterrupt"], limitMilliseconds: 1200),
        "emb-abort": Expectation(.exited(0), has: ["^before$"]),
        "emb-atexit": Expectation(.completed, has: ["^ok$"]),
        "emb-del": Expectation(.completed, .timeLimit, has: ["^x$"], limitMilliseconds: 1000),
        "emb-gcfreeze": Expectation(.completed, .raised, .signaled(11), .signaled(6)),
        "emb-repr-raise": Expectation(.raised, has: ["ValueError: no"]),
        "emb-secrets": Expectation(.completed, has: ["^0$"], limitMilliseconds: 60_000),
        "emb-segv": Expectation(.signaled(11)),
        "emb-sysexit": Expectation(.raised, has: ["SystemExit: 3"]),
        "emb-sysexit-thread": Expectation(.completed, has: ["ZeroDivisionError", "^ok$"]),
        "emb-zygote-pages": Expectation(.completed, has: [#"^\[\]$"#]),
        "forge-ctypes-pyapi": Expectation(.signaled(11), .signaled(6)),
        "forge-finalize": Expectation(.signaled(11), .signaled(6), .exited(0), .brokeProtocol, .timeLimit),
        "proc-mem-self": Expectation(.signaled(11), .signaled(6), .raised, .completed),
        "proc-fd-dir": Expectation(.completed, has: ["^/mnt/data$"]),
        "proc-fd-leak": Expectation(
            .completed,
            has: ["^900 socket:", "^901 pipe:", "^902 /dev/null"],
            lacks: ["cgroup", "eventpoll", "/work", "/home", "/root", "^[3-9] [^/]", "^90[3-9]", "memfd"]
        ),
        "forge-builtins": Expectation(.raised, .completed, then: "^2$"),
        "forge-control-fd": Expectation(.raised, has: ["SystemExit: real"]),
        "forge-displayhook": Expectation(.raised, has: ["ZeroDivisionError"], then: "^hello$"),
        "forge-early-done": Expectation(.completed, has: ["^late$"]),
        "forge-frame": Expectation(.completed, lacks: ["nonce", "control"]),
        "forge-gc": Expectation(.completed, has: [#"^\[\]\n\[\]$"#]),
        "out-bad-utf8": Expectation(.completed, has: [" ok "]),
        "out-dup2": Expectation(.completed, .brokeProtocol),
        "out-flood": Expectation(.outputLimit, has: ["^x{1000}$"]),
        "out-late-thread": Expectation(.completed, has: ["^ret$"]),
        "out-nul": Expectation(.completed, has: ["a\u{0}b\u{7}"]),
        "out-one-line": Expectation(.outputLimit, has: ["x{1000}"]),
        "out-rich": Expectation(.completed, has: ["figure-1.png"]),
        "out-split-utf8": Expectation(.completed, has: ["^€$"]),
        "out-surrogate": Expectation(.completed, has: [#"'\\ud800'"#]),
        "py-help": Expectation(.completed, has: ["Return the number of items"]),
        "py-import-lock": Expectation(.completed, has: ["^ok$"]),
        "py-input": Expectation(.raised, has: ["EOFError"]),
        "py-last-expr": Expectation(.completed, has: ["^977966748$"]),
        "py-multiprocessing": Expectation(.completed, has: [#"^\[1, 2\]$"#]),
        "py-pdb": Expectation(.raised, has: ["BdbQuit"]),
        "py-pickle-main": Expectation(.completed, has: ["^1$"]),
        "py-subprocess": Expectation(.completed, has: [#"^b'3\\n'$"#]),
        "py-syntax": Expectation(.raised, has: ["SyntaxError"]),
    ]
}
