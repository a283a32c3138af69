import Foundation
import TestSupport
import Testing

@testable import harmonium

@Suite(.bounded) struct ConfigurationDocumentTests {
    @Test(arguments: AllSettings.about)
    func `the document has the setting's row`(setting: SettingAbout) throws {
        let rows = try ConfigurationDocumentTests.rows()
        #expect(rows.contains(ConfigurationDocumentTests.row(of: setting)))
    }

    @Test func `the document has no other rows, and the same order`() throws {
        let rows = try ConfigurationDocumentTests.rows()
        #expect(rows.count == AllSettings.about.count)
        #expect(rows == AllSettings.about.map(ConfigurationDocumentTests.row))
    }

    private static func row(of setting: SettingAbout) -> String {
        let standard = setting.standard.isEmpty ? " " : setting.standard
        return "| `\(setting.key)` | `\(setting.environmentName)` | `\(standard)` | \(setting.help) |"
    }

    /// The rows of the table, without its head: they alone begin with code.
    private static func rows() throws -> [String] {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("| `") }
    }
}
