import Foundation
import Harmony
import TestSupport
import Testing

@Suite(.bounded) struct DocumentTests {
    @Test(arguments: Diagnostic.Code.allCases)
    func `every diagnostic is in the document's table`(code: Diagnostic.Code) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/harmony.md")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") }
        let names = rows.flatMap { $0.split(separator: "|")[0].split { "` :".contains($0) } }
        #expect(names.contains { $0 == code.rawValue })
    }
}
