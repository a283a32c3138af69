import Foundation
import TestSupport
import Testing

/// That the table of modules, the manifest, the sources and the documentation say the same.
@Suite(.bounded) struct ModuleTests {
    private let imports: [String: Set<String>]

    init() throws { imports = try Self.all.get() }

    /// What the sources of each target import; read once, for that takes seconds.
    private static let all = Result {
        var imports: [String: Set<String>] = [:]
        for source in try Tree.sources() {
            guard let target = source.target else { continue }
            imports[target, default: []].formUnion(source.imports.map(\.module))
        }
        return imports
    }

    /// A module that nothing imports any more is no longer allowed.
    @Test func `every allowance in the table of modules is used`() throws {
        for (target, allowed) in Architecture.mayImport {
            let unused = allowed.subtracting(imports[target, default: []])
            #expect(unused.isEmpty, "\(target) imports no \(unused.sorted().joined(separator: ", "))")
        }
    }

    @Test func `every dependency in the manifest is imported`() throws {
        let manifest = Manifest(try Tree.text(of: "Package.swift"))
        #expect(manifest.dependencies.count > 30)
        for (target, dependencies) in manifest.dependencies where !Self.withoutImports.contains(target) {
            let unused = dependencies.subtracting(imports[target, default: []])
            #expect(unused.isEmpty, "\(target) imports no \(unused.sorted().joined(separator: ", "))")
        }
    }

    @Test func `a dependency that is not imported is seen`() {
        let manifest = Manifest(
            """
            let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
            .target(name: "A", dependencies: ["B", nioCore]),
            module("C", ["A"]),
            """
        )
        #expect(manifest.dependencies == ["A": ["B", "NIOCore"], "C": ["A"]])
    }

    /// The table in `docs/architecture.md` has a row for each module of ours, with the modules of ours that it may import.
    @Test func `the documentation has the table of modules`() throws {
        let page = try Tree.text(of: "docs/architecture.md")
        let rows = page.matches(of: #/(?m)^\| `([\w-]+)` \| ([^|]+) \| ([^|]*) ?\|$/#)
        var documented: [String: Set<String>] = [:]
        for row in rows { documented[String(row.1)] = Set(row.3.matches(of: #/`([\w-]+)`/#).map { String($0.1) }) }
        for target in try Tree.folders(in: "Sources") {
            let ours = Architecture.mayImport[target, default: []].filter { Architecture.mayImport[$0] != nil }
            #expect(documented[target] == ours, "the row of \(target) has to be: \(Self.cell(ours))")
        }
        for target in documented.keys { #expect(Architecture.mayImport[target] != nil, "there is no module \(target)") }
    }

    private static func cell(_ modules: Set<String>) -> String {
        modules.sorted().map { "`\($0)`" }.joined(separator: ", ")
    }

    /// Those that run a program of ours, which the dependency builds, and C targets.
    private static let withoutImports: Set<String> = ["examples", "ExamplesTests", "LinuxSystem", "PythonRuntime"]
}
