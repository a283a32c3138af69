import LinuxIsolation
import LinuxSystem
import TestSupport
import Testing

@Suite(.bounded) struct PrivateFilesTests {
    @Test func `what not every user may read is found, and nothing below it`() throws {
        let directory = try TemporaryDirectory()
        let root = directory.path
        for (name, mode) in [("open", 0o755), ("closed", 0o710), ("open/deep", 0o755)] as [(String, UInt32)] {
            try Files.makeDirectory("\(root)/\(name)", mode: mode)
        }
        for (name, mode) in [
            ("all", 0o644), ("group", 0o640), ("open/deep/own", 0o600), ("closed/inside", 0o600),
            ("open/program", 0o755),
        ] as [(String, UInt32)] {
            try Files.create("\(root)/\(name)", [], mode: mode)
        }
        try Files.makeLink("\(root)/link", to: "\(root)/group")
        let found = try PrivateFiles.below(root, max: 3).sorted { $0.path < $1.path }
        #expect(found.map(\.path) == ["closed", "group", "open/deep/own"].map { "\(root)/\($0)" })
        #expect(found.map(\.isDirectory) == [true, false, false])
        #expect(throws: SystemError.self) { try PrivateFiles.below(root, max: 2) }
    }
}
