// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// Its own package, so that using or testing Harmonium does not build it.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "harmonium", path: "..")],
    targets: [
        .target(name: "Reporting", swiftSettings: strict),
        // What the benchmarks of both workers share.
        .target(name: "Workers", dependencies: ["Reporting"], swiftSettings: strict),
        .executableTarget(
            name: "BrowserBench",
            dependencies: [
                "Reporting",
                .product(name: "Browsing", package: "harmonium"),
                .product(name: "HTMLText", package: "harmonium"),
                .product(name: "Tokenizer", package: "harmonium"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "ContainerBench",
            dependencies: [
                "Reporting", "Workers",
                .product(name: "ContainerProtocol", package: "harmonium"),
                .product(name: "SandboxProtocol", package: "harmonium"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "SandboxBench",
            dependencies: [
                "Reporting", "Workers",
                .product(name: "PythonProtocol", package: "harmonium"),
                .product(name: "SandboxProtocol", package: "harmonium"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "TokenizerBench",
            dependencies: ["Reporting", .product(name: "Tokenizer", package: "harmonium")],
            swiftSettings: strict
        ),
    ]
)
