import Foundation
import TestSupport
import Testing

@testable import harmonium

@Suite(.bounded) struct SearchKeyTests {
    @Test func `a key comes from the environment, or from the file that it names`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("from-file\n".utf8).write(to: file)
        let environment = ["A_KEY": "direct", "A_KEY_FILE": file.path, "B_KEY_FILE": file.path]
        #expect(try BrowserService.secret("A_KEY", in: environment) == "direct")
        #expect(try BrowserService.secret("B_KEY", in: environment) == "from-file")
        #expect(try BrowserService.secret("C_KEY", in: environment) == nil)
    }

    @Test func `a file that cannot be read is named, and its key is not`() {
        let error = #expect(throws: SettingsError.self) {
            try BrowserService.secret("A_KEY", in: ["A_KEY_FILE": "/nonexistent/key"])
        }
        #expect(error?.description == "A_KEY_FILE: /nonexistent/key cannot be read")
    }
}
