import Foundation
import TestSupport
import Testing

@Suite(.bounded) struct TidyTests {
    @Test func `our sources keep every rule`() throws {
        for source in try Tree.sources() {
            for rule in Rule.all {
                for line in rule.offences(source) {
                    Issue.record("\(source.path):\(line): \(rule.name)")
                }
            }
        }
    }

    @Test(arguments: Rule.all)
    func `a rule catches the sample that breaks it, and every rule lets the other sample be`(rule: Rule) {
        #expect(rule.offences(rule.broken) == rule.brokenLines)
        for other in Rule.all {
            #expect(other.offences(rule.kept).isEmpty, "\(other.name)")
        }
    }

    @Test func `the tree holds this file and the package's`() throws {
        let paths = try Set(Tree.sources().map(\.path))
        #expect(paths.contains("Tests/TidyTests/TidyTests.swift"))
        #expect(paths.contains("Package.swift"))
        #expect(!paths.contains { $0.contains(".build") })
    }

    @Test(arguments: ["Sources", "Tests"])
    func `every folder is a target of the design`(parent: String) throws {
        for folder in try Tree.folders(in: parent) {
            #expect(Architecture.hasPlace(for: folder), "\(parent)/\(folder)")
        }
    }

    @Test(arguments: [
        ("MCP", true), ("MCPTests", true), ("EndToEndTests", true), ("Utilities", false), ("UtilitiesTests", false),
        ("Tests", false),
    ])
    func `a folder that is no target of the design has no place`(folder: String, hasPlace: Bool) {
        #expect(Architecture.hasPlace(for: folder) == hasPlace)
    }

    @Test func `knowledge has one direction`() {
        #expect(cycle(in: Architecture.mayImport) == nil)
    }

    @Test func `a circle of imports is seen`() {
        #expect(cycle(in: ["A": ["B"], "B": ["C", "D"], "C": ["A"], "D": []]) != nil)
    }

    /// A target that, following imports, is reached from itself.
    private func cycle(in table: [String: Set<String>]) -> String? {
        table.keys.first { start in
            var reached: Set<String> = []
            var next = table[start, default: []]
            while let target = next.popFirst() {
                guard reached.insert(target).inserted else { continue }
                next.formUnion(table[target, default: []])
            }
            return reached.contains(start)
        }
    }
}
