/// Which module may know which: the table of the design, kept here so that a program can check it.
enum Architecture {
    /// The targets, each with the modules it may import.
    ///
    /// A target's own modules come first. Adding a line here is a decision about the design, not a way past a test.
    static let mayImport: [String: Set<String>] = [
        // The worker's side.
        "CLinux": [],
        "CPython": [],
        "CSeccomp": [],
        "CZlib": [],
        "LinuxSystem": ["CLinux"],
        "LinuxIsolation": ["CLinux", "LinuxSystem"],
        "Seccomp": ["CLinux", "CSeccomp", "LinuxSystem"],
        "ForkTuning": ["CLinux", "LinuxSystem"],
        "SandboxProtocol": [],
        "Patch": ["LinuxSystem"],
        "PythonProtocol": ["SandboxProtocol"],
        "ContainerProtocol": ["SandboxProtocol"],
        "PythonRuntime": ["CPython"],
        "SandboxWorker": ["LinuxIsolation", "LinuxSystem", "SandboxProtocol", "Seccomp"],
        "harmonium-container": [
            "ContainerProtocol", "LinuxIsolation", "LinuxSystem", "Patch", "SandboxProtocol", "SandboxWorker",
            "Seccomp",
        ],
        "harmonium-python": [
            "ForkTuning", "LinuxIsolation", "LinuxSystem", "PythonProtocol", "PythonRuntime", "SandboxProtocol",
            "SandboxWorker", "Seccomp",
        ],
        // Pure libraries.
        "Digest": [],
        "JSON": [],
        "TerminalText": [],
        "Tokenizer": ["Digest"],
        "Harmony": ["JSON", "Tokenizer"],
        "MCP": ["Concurrency", "Digest", "Harmony", "JSON", "PythonText", "Sessions", "Tokenizer", "Logging"],
        "ToolLoop": ["Harmony", "JSON", "MCP", "Tokenizer"],
        "PythonText": [],
        "HTMLText": ["PythonText"],
        "Browsing": ["HTMLText", "PythonText", "Tokenizer"],
        "browser-replay": ["Browsing", "JSON", "PythonText", "Tokenizer", "Foundation"],
        // The daemon's side.
        "Concurrency": [],
        "Sessions": ["Concurrency", "Logging"],
        "SystemCodecs": ["CZlib", "LinuxSystem"],
        "NetworkAccess": ["NIOCore", "NIOPosix"],
        "Egress": ["Concurrency", "NetworkAccess", "Logging", "NIOCore", "NIOPosix"],
        "SandboxClient": [
            "Concurrency", "LinuxSystem", "SandboxProtocol", "Sessions", "Logging", "NIOCore", "NIOPosix",
        ],
        "Sandbox": ["Concurrency", "PythonProtocol", "SandboxClient", "SandboxProtocol", "Sessions"],
        "ContainerMachines": [
            "Concurrency", "ContainerProtocol", "ContainerTool", "LinuxSystem", "MCP", "SandboxClient",
            "SandboxProtocol", "Sessions", "NIOPosix",
        ],
        "WebFetch": [
            "Concurrency", "LinuxSystem", "NetworkAccess", "PythonText", "SystemCodecs", "NIOCore", "NIOHTTP1",
            "NIOPosix", "NIOSSL", "Subprocess", "SystemPackage",
        ],
        "WebSearch": [
            "Concurrency", "HTMLText", "JSON", "LinuxSystem", "PythonText", "SystemCodecs", "WebFetch",
            "AsyncHTTPClient", "FoundationEssentials", "GRDB", "NIOCore", "NIOHTTP1",
        ],
        "PythonTool": [
            "JSON", "MCP", "PythonProtocol", "Sandbox", "SandboxProtocol", "Sessions", "Tokenizer", "Logging",
        ],
        "Chromium": ["Concurrency", "JSON", "LinuxSystem", "WebFetch", "Subprocess", "SystemPackage"],
        "BrowserTool": [
            "Browsing", "Chromium", "HTMLText", "JSON", "MCP", "Sessions", "Tokenizer", "WebFetch", "WebSearch",
            "Logging",
        ],
        "ContainerImages": ["Digest", "JSON", "LinuxSystem", "SystemCodecs"],
        "ContainerTool": ["JSON", "MCP", "TerminalText", "Logging"],
        "Responses": [
            "Browsing", "Harmony", "JSON", "MCP", "Tokenizer", "ToolLoop", "AsyncHTTPClient", "Logging", "NIOCore",
            "NIOHTTP1",
        ],
        "Server": [
            "Concurrency", "Harmony", "JSON", "MCP", "PythonText", "Responses", "Sessions", "Tokenizer", "ToolLoop",
            "AsyncAlgorithms",
            "FoundationEssentials", "HTTPTypes", "Hummingbird", "HummingbirdCore", "Logging", "NIOCore", "NIOHTTP1",
            "NIOPosix", "NIOWebSocket", "ServiceLifecycle",
        ],
        "harmonium": [
            "BrowserTool", "Browsing", "Chromium", "ContainerImages", "ContainerMachines", "ContainerTool", "Egress",
            "Harmony", "JSON", "LinuxSystem", "MCP",
            "NetworkAccess", "PythonText", "PythonTool", "Responses", "Sandbox", "SandboxClient", "Seccomp", "Server",
            "Sessions",
            "Tokenizer", "WebFetch",
            "WebSearch", "ArgumentParser", "AsyncHTTPClient", "Configuration", "Foundation", "Logging", "NIOCore",
            "NIOHTTP1", "ServiceLifecycle", "Subprocess", "SystemPackage", "UnixSignals", "Yams",
        ],
    ]

    /// What every target may import: it comes with the compiler and starts no thread.
    static let comesWithSwift: Set<String> = ["Glibc", "Synchronization"]

    /// Those that run in the worker, which has one thread and forks. The protocols are the daemon's too.
    static let workerTargets: Set<String> = [
        "LinuxSystem", "LinuxIsolation", "Seccomp", "ForkTuning", "Patch", "SandboxProtocol", "SandboxWorker",
        "ContainerProtocol", "PythonProtocol", "PythonRuntime", "harmonium-python", "harmonium-container",
    ]

    /// Those that may say `unsafe`, and their tests.
    static let unsafeTargets: Set<String> = [
        "ForkTuning", "LinuxIsolation", "LinuxIsolationTests", "LinuxSystem", "LinuxSystemTests", "PythonRuntime",
        "Seccomp",
        "SystemCodecs",
    ]

    /// Single files that may say it, in targets that may not: what maps memory for the rest of its target, and what runs
    /// tasks on threads of its own, for which Swift has only unsafe means.
    static let unsafeFiles: Set<String> = ["Sources/Server/CallThreads.swift", "Sources/Tokenizer/MappedFile.swift"]

    /// The targets below `Tests` that mirror no target below `Sources`.
    static let testsOfTheWhole: Set<String> = [
        "AttackTests", "EndToEndTests", "ExamplesTests", "TestSupport", "TidyTests",
    ]

    /// Whether a folder with this name may be in `Sources` or in `Tests`.
    static func hasPlace(for target: String) -> Bool {
        if mayImport.keys.contains(target) || testsOfTheWhole.contains(target) { return true }
        return target.hasSuffix("Tests") && mayImport.keys.contains(String(target.dropLast("Tests".count)))
    }

    /// Whether a source of `target` may import `module`.
    static func mayImport(_ module: String, in target: String) -> Bool {
        comesWithSwift.contains(module) || mayImport[target, default: []].contains(module)
    }
}
