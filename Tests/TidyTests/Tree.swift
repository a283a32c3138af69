import Foundation

/// The repository that this file is in.
enum Tree {
    private static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    /// What is directly below `parent`.
    static func folders(in parent: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path(of: parent))
        return names.filter { !$0.hasPrefix(".") }
    }

    /// Its Swift files: of the package, its tests, examples and benchmarks.
    static func sources() throws -> [SwiftSource] {
        let paths = try ["Package.swift"] + ["Sources", "Tests", "Examples", "Benchmarks/Sources"].flatMap(swiftFiles)
        return try paths.map { SwiftSource(path: $0, text: try text(of: $0)) }
    }

    /// What a file holds.
    static func text(of relative: String) throws -> String {
        try String(contentsOfFile: path(of: relative), encoding: .utf8)
    }

    /// The files below a folder that are text, without what was built.
    static func texts(below folder: String) throws -> [String] {
        let suffixes: Set<String> = ["", "c", "h", "md", "py", "service", "swift", "txt"]
        return try FileManager.default.subpathsOfDirectory(atPath: path(of: folder))
            .filter { !$0.contains("__pycache__") && !$0.hasPrefix(".build") && isFile("\(folder)/\($0)") }
            .filter { suffixes.contains(URL(filePath: $0).pathExtension) }
            .map { "\(folder)/\($0)" }
    }

    private static func isFile(_ relative: String) -> Bool {
        (try? root.appending(path: relative).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) ?? false
    }

    private static func swiftFiles(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path(of: folder))
            .filter { $0.hasSuffix(".swift") }
            .map { "\(folder)/\($0)" }
    }

    private static func path(of relative: String) -> String {
        root.appending(path: relative).path(percentEncoded: false)
    }
}
