// swift-tools-version: 6.2

import PackageDescription

// Its own package, so that nobody who uses or tests Harmonium builds it.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "harmonium", path: "..")],
    targets: [
        .executableTarget(
            name: "SandboxBench",
            dependencies: [.product(name: "SandboxProtocol", package: "harmonium")],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]
        )
    ]
)
