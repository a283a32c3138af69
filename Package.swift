// swift-tools-version: 6.2

import PackageDescription

/// The strictest the compiler offers, for every target of ours.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .treatWarning("ExplicitSendable", as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncAlgorithms = Target.Dependency.product(name: "AsyncAlgorithms", package: "swift-async-algorithms")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let inMemoryLogging = Target.Dependency.product(name: "InMemoryLogging", package: "swift-log")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "harmonium",
    products: [
        .executable(name: "harmonium", targets: ["harmonium"]),
        .executable(name: "harmonium-python", targets: ["harmonium-python"]),
        .executable(name: "harmonium-container", targets: ["harmonium-container"]),
        .library(name: "Harmony", targets: ["Harmony"]),
        .library(name: "Browsing", targets: ["Browsing"]),
        .library(name: "HTMLText", targets: ["HTMLText"]),
        .library(name: "ContainerImages", targets: ["ContainerImages"]),
        .library(name: "ContainerProtocol", targets: ["ContainerProtocol"]),
        .library(name: "JSON", targets: ["JSON"]),
        .library(name: "MCP", targets: ["MCP"]),
        .library(name: "Patch", targets: ["Patch"]),
        .library(name: "PythonProtocol", targets: ["PythonProtocol"]),
        .library(name: "Responses", targets: ["Responses"]),
        .library(name: "Sandbox", targets: ["Sandbox"]),
        .library(name: "SandboxProtocol", targets: ["SandboxProtocol"]),
        .library(name: "TerminalText", targets: ["TerminalText"]),
        .library(name: "Tokenizer", targets: ["Tokenizer"]),
        .library(name: "ToolLoop", targets: ["ToolLoop"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.3"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.2.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        // The worker's side: one thread, no Foundation, no NIO.
        .target(name: "CLinux"),
        .systemLibrary(name: "CPython", pkgConfig: "python3-embed", providers: [.apt(["libpython3-dev"])]),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "LinuxSystem", dependencies: ["CLinux"], swiftSettings: strict),
        .target(name: "LinuxIsolation", dependencies: ["CLinux", "LinuxSystem"], swiftSettings: strict),
        .target(name: "Seccomp", dependencies: ["CLinux", "CSeccomp", "LinuxSystem"], swiftSettings: strict),
        .target(name: "ForkTuning", dependencies: ["CLinux", "LinuxSystem"], swiftSettings: strict),
        .target(name: "SandboxProtocol", swiftSettings: strict),
        .target(name: "ContainerProtocol", dependencies: ["SandboxProtocol"], swiftSettings: strict),
        .target(name: "PythonProtocol", dependencies: ["SandboxProtocol"], swiftSettings: strict),
        .target(name: "PythonRuntime", dependencies: ["CPython"], swiftSettings: strict),
        .target(
            name: "SandboxWorker",
            dependencies: ["LinuxIsolation", "LinuxSystem", "SandboxProtocol", "Seccomp"],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "harmonium-container",
            dependencies: [
                "ContainerProtocol", "LinuxIsolation", "LinuxSystem", "SandboxProtocol", "SandboxWorker", "Seccomp",
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "harmonium-python",
            dependencies: [
                "ForkTuning", "LinuxIsolation", "LinuxSystem", "PythonProtocol", "PythonRuntime", "SandboxProtocol",
                "SandboxWorker", "Seccomp",
            ],
            swiftSettings: strict
        ),

        .target(name: "Patch", dependencies: ["LinuxSystem"], swiftSettings: strict),

        // The daemon's side.
        .target(name: "Digest", swiftSettings: strict),
        .target(name: "Concurrency", swiftSettings: strict),
        .target(name: "Sessions", dependencies: ["Concurrency", logging], swiftSettings: strict),
        .target(name: "SystemCodecs", dependencies: ["CZlib", "LinuxSystem"], swiftSettings: strict),
        .target(name: "JSON", swiftSettings: strict),
        .target(name: "Tokenizer", dependencies: ["Digest"], swiftSettings: strict),
        .target(name: "Harmony", dependencies: ["JSON", "Tokenizer"], swiftSettings: strict),
        .target(
            name: "MCP",
            dependencies: ["Concurrency", "Digest", "Harmony", "JSON", "Sessions", "Tokenizer", logging],
            swiftSettings: strict
        ),
        .target(name: "ToolLoop", dependencies: ["Harmony", "JSON", "MCP", "Tokenizer"], swiftSettings: strict),
        .target(name: "PythonText", swiftSettings: strict),
        .target(name: "HTMLText", dependencies: ["PythonText"], swiftSettings: strict),
        .target(name: "Browsing", dependencies: ["HTMLText", "PythonText", "Tokenizer"], swiftSettings: strict),
        .target(
            name: "Sandbox",
            dependencies: ["Concurrency", "PythonProtocol", "SandboxProtocol", "Sessions", nioCore, nioPosix],
            swiftSettings: strict
        ),
        .target(name: "NetworkAccess", dependencies: [nioCore, nioPosix], swiftSettings: strict),
        .target(
            name: "Egress",
            dependencies: ["Concurrency", "NetworkAccess", logging, nioCore, nioPosix],
            swiftSettings: strict
        ),
        .target(
            name: "Chromium",
            dependencies: ["Concurrency", "JSON", "LinuxSystem", "WebFetch", subprocess, systemPackage],
            swiftSettings: strict
        ),
        .target(
            name: "BrowserTool",
            dependencies: [
                "Browsing", "Chromium", "HTMLText", "JSON", "MCP", "Sessions", "Tokenizer", "WebFetch", "WebSearch",
                logging,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "WebFetch",
            dependencies: [
                "Concurrency", "LinuxSystem", "NetworkAccess", "PythonText", "SystemCodecs", nioCore, nioHTTP1,
                nioPosix, nioSSL, subprocess, systemPackage,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "WebSearch",
            dependencies: [
                "Concurrency", "HTMLText", "JSON", "LinuxSystem", "PythonText", "SystemCodecs", "WebFetch",
                asyncHTTPClient, grdb, nioCore, nioHTTP1,
            ],
            swiftSettings: strict
        ),
        .target(
            name: "PythonTool",
            dependencies: ["JSON", "MCP", "PythonProtocol", "Sandbox", "Sessions", "Tokenizer", logging],
            swiftSettings: strict
        ),
        .target(name: "TerminalText", swiftSettings: strict),
        .target(name: "ContainerTool", dependencies: ["JSON", "MCP", "TerminalText", logging], swiftSettings: strict),
        .target(
            name: "ContainerImages",
            dependencies: ["Digest", "JSON", "LinuxSystem", "SystemCodecs"],
            swiftSettings: strict
        ),
        .target(
            name: "Responses",
            dependencies: ["JSON", asyncHTTPClient, logging, nioCore, nioHTTP1],
            swiftSettings: strict
        ),
        .target(
            name: "Server",
            dependencies: [
                "Concurrency", "Harmony", "JSON", "MCP", "Sessions", "Tokenizer", "ToolLoop", asyncAlgorithms,
                httpTypes, hummingbird, hummingbirdCore, logging, nioCore, nioHTTP1, nioPosix, serviceLifecycle,
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "harmonium",
            dependencies: [
                "BrowserTool", "Browsing", "Chromium", "ContainerImages", "Egress", "Harmony", "JSON", "LinuxSystem",
                "MCP", "NetworkAccess", "PythonTool", "Sandbox", "Seccomp", "Server", "Sessions", "Tokenizer",
                "WebFetch", "WebSearch", argumentParser, asyncHTTPClient, configuration, logging, nioCore, nioHTTP1,
                serviceLifecycle, subprocess, systemPackage, unixSignals, yams,
            ],
            swiftSettings: strict
        ),

        .executableTarget(
            name: "browser-replay",
            dependencies: ["Browsing", "JSON", "PythonText", "Tokenizer"],
            swiftSettings: strict
        ),

        // A file for each library product, which its documentation shows.
        .executableTarget(
            name: "examples",
            dependencies: [
                "Browsing", "ContainerImages", "ContainerProtocol", "Harmony", "HTMLText", "JSON", "MCP", "Patch",
                "PythonProtocol", "Responses", "Sandbox", "SandboxProtocol", "Sessions", "TerminalText", "Tokenizer",
                "ToolLoop", asyncHTTPClient,
            ],
            path: "Examples",
            swiftSettings: strict
        ),

        // What several of the suites use.
        .target(name: "TestSupport", dependencies: ["Tokenizer"], path: "Tests/TestSupport", swiftSettings: strict),

        .testTarget(
            name: "AttackTests",
            dependencies: [
                "ContainerProtocol", "TestSupport", "LinuxSystem", "PythonProtocol", "SandboxProtocol", nioCore,
                nioPosix,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BrowsingTests",
            dependencies: ["browser-replay", "Browsing", "HTMLText", "PythonText", "Tokenizer", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BrowserToolTests",
            dependencies: ["TestSupport", "BrowserTool", "Browsing", "Chromium", "JSON", "MCP", "WebFetch"],
            swiftSettings: strict
        ),
        .testTarget(name: "ConcurrencyTests", dependencies: ["TestSupport", "Concurrency"], swiftSettings: strict),
        .testTarget(
            name: "SessionsTests",
            dependencies: ["TestSupport", "Concurrency", "Sessions"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ContainerImagesTests",
            dependencies: ["ContainerImages", "LinuxSystem", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ContainerToolTests",
            dependencies: ["ContainerTool", "Harmony", "JSON", "MCP", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(name: "DigestTests", dependencies: ["Digest", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "JSON", "LinuxIsolation", "LinuxSystem", "MCP", asyncAlgorithms, asyncHTTPClient, nioCore, nioHTTP1,
                subprocess, systemPackage,
            ],
            exclude: ["Clients"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EgressTests",
            dependencies: ["TestSupport", "Egress", "NetworkAccess", inMemoryLogging, logging, nioCore, nioPosix],
            swiftSettings: strict
        ),
        .testTarget(
            name: "NetworkAccessTests",
            dependencies: ["TestSupport", "NetworkAccess", nioCore],
            swiftSettings: strict
        ),
        .testTarget(
            name: "harmoniumTests",
            dependencies: ["TestSupport", "harmonium", argumentParser],
            swiftSettings: strict
        ),
        .testTarget(
            name: "harmonium-pythonTests",
            dependencies: ["harmonium-python", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ExamplesTests",
            dependencies: ["examples", subprocess, systemPackage],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HarmonyTests",
            dependencies: ["Harmony", "JSON", "Tokenizer", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(name: "HTMLTextTests", dependencies: ["HTMLText", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "JSONTests", dependencies: ["TestSupport", "JSON"], swiftSettings: strict),
        .testTarget(name: "LinuxSystemTests", dependencies: ["LinuxSystem", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "LinuxIsolationTests",
            dependencies: ["LinuxIsolation", "LinuxSystem", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SandboxWorkerTests",
            dependencies: [
                "TestSupport", "LinuxIsolation", "LinuxSystem", "SandboxProtocol", "SandboxWorker", "Seccomp",
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "SystemCodecsTests", dependencies: ["TestSupport", "SystemCodecs"], swiftSettings: strict),
        .testTarget(
            name: "ContainerProtocolTests",
            dependencies: ["ContainerProtocol", "SandboxProtocol", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PythonProtocolTests",
            dependencies: ["PythonProtocol", "SandboxProtocol", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SandboxProtocolTests",
            dependencies: ["TestSupport", "SandboxProtocol"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "MCPTests",
            dependencies: ["JSON", "MCP", "Tokenizer", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PythonToolTests",
            dependencies: [
                "PythonTool", "JSON", "MCP", "PythonProtocol", "Sandbox", "Sessions", "Tokenizer", "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "PatchTests", dependencies: ["Patch", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "PythonTextTests", dependencies: ["TestSupport", "PythonText"], swiftSettings: strict),
        .testTarget(
            name: "ResponsesTests",
            dependencies: [
                "Harmony", "JSON", "MCP", "Responses", "Tokenizer", "TestSupport", asyncHTTPClient, logging, nioCore,
                nioHTTP1, nioPosix,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "JSON", "MCP", "Server", "Sessions", "TestSupport", "Tokenizer", asyncHTTPClient, httpTypes,
                hummingbird, logging, nioCore, nioHTTP1, nioPosix, serviceLifecycle,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SandboxTests",
            dependencies: [
                "PythonProtocol", "Sandbox", "SandboxProtocol", "Sessions", "TestSupport", nioCore, nioPosix,
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "TerminalTextTests", dependencies: ["TerminalText", "TestSupport"], swiftSettings: strict),
        .testTarget(name: "TidyTests", dependencies: ["TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ToolLoopTests",
            dependencies: ["Harmony", "JSON", "MCP", "Tokenizer", "ToolLoop", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TokenizerTests",
            dependencies: ["Digest", "Tokenizer", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "WebFetchTests",
            dependencies: [
                "WebFetch", "Chromium", "Egress", "JSON", "LinuxSystem", "NetworkAccess", "SystemCodecs", "TestSupport",
                nioCore, nioHTTP1, nioPosix, nioSSL, subprocess, systemPackage,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "WebSearchTests",
            dependencies: ["TestSupport", "Concurrency", "WebSearch", asyncHTTPClient, nioCore, nioHTTP1, nioPosix],
            swiftSettings: strict
        ),
    ]
)
