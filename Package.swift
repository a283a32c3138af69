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
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

/// A module of ours.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A program of ours.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// Tests of ours.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

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
        module("LinuxSystem", ["CLinux"]),
        module("LinuxIsolation", ["CLinux", "LinuxSystem"]),
        module("Seccomp", ["CLinux", "CSeccomp", "LinuxSystem"]),
        module("ForkTuning", ["CLinux", "LinuxSystem"]),
        module("SandboxProtocol"),
        module("ContainerProtocol", ["SandboxProtocol"]),
        module("PythonProtocol", ["SandboxProtocol"]),
        module("PythonRuntime", ["CPython"]),
        module("SandboxWorker", ["LinuxIsolation", "LinuxSystem", "SandboxProtocol", "Seccomp"]),
        program(
            "harmonium-container",
            [
                "ContainerProtocol", "LinuxIsolation", "LinuxSystem", "Patch", "SandboxProtocol", "SandboxWorker",
                "Seccomp",
            ]
        ),
        program(
            "harmonium-python",
            [
                "ForkTuning", "LinuxIsolation", "LinuxSystem", "PythonProtocol", "PythonRuntime", "SandboxProtocol",
                "SandboxWorker", "Seccomp",
            ]
        ),

        module("Patch", ["LinuxSystem"]),

        // The daemon's side.
        module("Digest"),
        module("Concurrency"),
        module("Sessions", ["Concurrency", logging]),
        module("SystemCodecs", ["CZlib", "LinuxSystem"]),
        module("JSON"),
        module("Tokenizer", ["Digest"]),
        module("Harmony", ["JSON", "Tokenizer"]),
        module("MCP", ["Concurrency", "Digest", "Harmony", "JSON", "PythonText", "Sessions", "Tokenizer", logging]),
        module("ToolLoop", ["Harmony", "JSON", "MCP", "Tokenizer"]),
        module("PythonText"),
        module("HTMLText", ["PythonText"]),
        module("Browsing", ["HTMLText", "PythonText", "Tokenizer"]),
        module(
            "SandboxClient",
            ["Concurrency", "LinuxSystem", "SandboxProtocol", "Sessions", logging, nioCore, nioPosix]
        ),
        module("Sandbox", ["Concurrency", "PythonProtocol", "SandboxClient", "SandboxProtocol", "Sessions"]),
        module(
            "ContainerMachines",
            [
                "Concurrency", "ContainerProtocol", "ContainerTool", "LinuxSystem", "MCP", "SandboxClient",
                "SandboxProtocol", "Sessions", nioPosix,
            ]
        ),
        module("NetworkAccess", [nioCore, nioPosix]),
        module("Egress", ["Concurrency", "NetworkAccess", logging, nioCore, nioPosix]),
        module("Chromium", ["Concurrency", "JSON", "LinuxSystem", "WebFetch", subprocess, systemPackage]),
        module(
            "BrowserTool",
            [
                "Browsing", "Chromium", "HTMLText", "JSON", "MCP", "Sessions", "Tokenizer", "WebFetch", "WebSearch",
                logging,
            ]
        ),
        module(
            "WebFetch",
            [
                "Concurrency", "LinuxSystem", "NetworkAccess", "PythonText", "SystemCodecs", nioCore, nioHTTP1,
                nioPosix, nioSSL, subprocess, systemPackage,
            ]
        ),
        module(
            "WebSearch",
            [
                "Concurrency", "HTMLText", "JSON", "LinuxSystem", "PythonText", "SystemCodecs", "WebFetch",
                asyncHTTPClient, grdb, nioCore, nioHTTP1,
            ]
        ),
        module(
            "PythonTool",
            [
                "JSON", "MCP", "PythonProtocol", "Sandbox", "SandboxProtocol", "Sessions", "Tokenizer", logging,
            ]
        ),
        module("TerminalText"),
        module("ContainerTool", ["JSON", "MCP", "TerminalText", logging]),
        module("ContainerImages", ["Digest", "JSON", "LinuxSystem", "SystemCodecs"]),
        module(
            "Responses",
            [
                "Browsing", "Harmony", "JSON", "MCP", "Tokenizer", "ToolLoop", asyncHTTPClient, logging, nioCore,
                nioHTTP1,
            ]
        ),
        module(
            "Server",
            [
                "Concurrency", "Harmony", "JSON", "MCP", "PythonText", "Responses", "Sessions", "Tokenizer",
                "ToolLoop", asyncAlgorithms,
                httpTypes, hummingbird, hummingbirdCore, logging, nioCore, nioHTTP1, nioPosix, nioWebSocket,
                serviceLifecycle,
            ]
        ),
        program(
            "harmonium",
            [
                "BrowserTool", "Browsing", "Chromium", "ContainerImages", "ContainerMachines", "ContainerTool",
                "Egress",
                "Harmony", "JSON", "LinuxSystem",
                "MCP", "NetworkAccess", "PythonText", "PythonTool", "Responses", "Sandbox", "SandboxClient", "Seccomp",
                "Server", "Sessions", "Tokenizer",
                "WebFetch", "WebSearch", argumentParser, asyncHTTPClient, configuration, logging, nioCore, nioHTTP1,
                serviceLifecycle, subprocess, systemPackage, unixSignals, yams,
            ]
        ),

        program("browser-replay", ["Browsing", "JSON", "PythonText", "Tokenizer"]),

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
        .target(
            name: "TestSupport",
            dependencies: ["SandboxProtocol", "Tokenizer", nioCore, nioPosix],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),

        tests(
            "AttackTests",
            [
                "ContainerProtocol", "TestSupport", "LinuxSystem", "PythonProtocol", "SandboxProtocol", nioCore,
                nioPosix,
            ]
        ),
        tests("BrowsingTests", ["browser-replay", "Browsing", "HTMLText", "PythonText", "Tokenizer", "TestSupport"]),
        tests("BrowserToolTests", ["TestSupport", "BrowserTool", "Browsing", "Chromium", "JSON", "MCP", "WebFetch"]),
        tests("ConcurrencyTests", ["TestSupport", "Concurrency"]),
        tests("SessionsTests", ["TestSupport", "Concurrency", "Sessions"]),
        tests("ContainerImagesTests", ["ContainerImages", "LinuxSystem", "TestSupport"]),
        tests(
            "ContainerMachinesTests",
            [
                "ContainerMachines", "ContainerProtocol", "ContainerTool", "MCP", "SandboxProtocol", "Sessions",
                "TestSupport",
            ]
        ),
        tests("SandboxClientTests", ["SandboxClient", "SandboxProtocol", "Sessions", "TestSupport"]),
        tests("ContainerToolTests", ["ContainerTool", "Harmony", "JSON", "MCP", "TestSupport"]),
        tests("DigestTests", ["Digest", "TestSupport"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "JSON", "LinuxIsolation", "LinuxSystem", "MCP", asyncAlgorithms, asyncHTTPClient, nioCore, nioHTTP1,
                subprocess, systemPackage,
            ],
            exclude: ["Attacks", "Clients", "Field"],
            swiftSettings: strict
        ),
        tests("EgressTests", ["TestSupport", "Egress", "NetworkAccess", inMemoryLogging, logging, nioCore, nioPosix]),
        tests("NetworkAccessTests", ["TestSupport", "NetworkAccess", nioCore]),
        tests("harmoniumTests", ["TestSupport", "harmonium", argumentParser]),
        tests("harmonium-pythonTests", ["harmonium-python", "TestSupport"]),
        tests("ExamplesTests", ["examples", subprocess, systemPackage]),
        tests("HarmonyTests", ["Harmony", "JSON", "Tokenizer", "TestSupport"]),
        tests("HTMLTextTests", ["HTMLText", "TestSupport"]),
        tests("JSONTests", ["TestSupport", "JSON"]),
        tests("LinuxSystemTests", ["LinuxSystem", "TestSupport"]),
        tests("LinuxIsolationTests", ["LinuxIsolation", "LinuxSystem", "TestSupport"]),
        tests(
            "SandboxWorkerTests",
            [
                "TestSupport", "LinuxIsolation", "LinuxSystem", "SandboxProtocol", "SandboxWorker", "Seccomp",
            ]
        ),
        tests("SystemCodecsTests", ["TestSupport", "SystemCodecs"]),
        tests("ContainerProtocolTests", ["ContainerProtocol", "SandboxProtocol", "TestSupport"]),
        tests("PythonProtocolTests", ["PythonProtocol", "SandboxProtocol", "TestSupport"]),
        tests("SandboxProtocolTests", ["TestSupport", "SandboxProtocol"]),
        tests("MCPTests", ["JSON", "MCP", "Tokenizer", "TestSupport"]),
        tests(
            "PythonToolTests",
            [
                "PythonTool", "JSON", "MCP", "PythonProtocol", "Sandbox", "SandboxProtocol", "Sessions", "Tokenizer",
                "TestSupport",
            ]
        ),
        tests("PatchTests", ["Patch", "TestSupport"]),
        tests("PythonTextTests", ["TestSupport", "PythonText"]),
        tests(
            "ResponsesTests",
            [
                "Harmony", "JSON", "MCP", "Responses", "Tokenizer", "TestSupport", asyncHTTPClient, logging, nioCore,
                nioHTTP1, nioPosix,
            ]
        ),
        tests(
            "ServerTests",
            [
                "JSON", "MCP", "Responses", "Server", "Sessions", "TestSupport", "Tokenizer", asyncHTTPClient,
                httpTypes,
                hummingbird, logging, nioCore, nioHTTP1, nioPosix, serviceLifecycle,
            ]
        ),
        tests(
            "SandboxTests",
            [
                "PythonProtocol", "Sandbox", "SandboxProtocol", "Sessions", "TestSupport",
            ]
        ),
        tests("TerminalTextTests", ["TerminalText", "TestSupport"]),
        tests("TidyTests", ["TestSupport"]),
        tests("ToolLoopTests", ["Harmony", "JSON", "MCP", "Tokenizer", "ToolLoop", "TestSupport"]),
        tests("TokenizerTests", ["Digest", "Tokenizer", "TestSupport"]),
        tests(
            "WebFetchTests",
            [
                "WebFetch", "Chromium", "Egress", "JSON", "LinuxSystem", "NetworkAccess", "SystemCodecs", "TestSupport",
                nioCore, nioHTTP1, nioPosix, nioSSL, subprocess, systemPackage,
            ]
        ),
        tests(
            "WebSearchTests",
            ["TestSupport", "Concurrency", "WebSearch", asyncHTTPClient, nioCore, nioHTTP1, nioPosix]
        ),
    ]
)
