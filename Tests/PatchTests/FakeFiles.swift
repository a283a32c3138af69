import Patch

/// Files in memory.
final class FakeFiles: PatchFiles {
    var contents: [String: String]

    init(_ contents: [String: String]) { self.contents = contents }

    func read(_ path: String, bytesMax: Int) -> [UInt8]? { contents[path].map { Array($0.utf8) } }

    func hasFile(_ path: String) -> Bool { contents[path] != nil }

    func apply(_ changes: [FileChange]) {
        for change in changes { contents[change.path] = change.content.map { String(decoding: $0, as: UTF8.self) } }
    }
}
