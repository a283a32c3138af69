import Foundation
import TestSupport
import Testing

@testable import harmonium

@Suite(.bounded) struct ConfigurationDocumentTests {
    @Test(arguments: Setting.all)
    func `the document has the setting's row`(setting: Setting) throws {
        let rows = try ConfigurationDocumentTests.rows()
        #expect(rows.contains(ConfigurationDocumentTests.row(of: setting)))
    }

    @Test func `the document has no other rows, and the same order`() throws {
        #expect(try ConfigurationDocumentTests.rows() == Setting.all.map(ConfigurationDocumentTests.row))
    }

    private static func row(of setting: Setting) -> String {
        let standard = setting.defaultText.isEmpty ? "" : "`\(setting.defaultText)`"
        return "| `\(setting.key)` | `\(setting.environmentName)` | \(setting.takes) | \(standard) | \(setting.help) |"
    }

    /// The rows of the table, without its head: they alone begin with code.
    private static func rows() throws -> [String] {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("| `") }
    }
}
