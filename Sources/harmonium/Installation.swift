internal import Foundation

/// Where the parts of this program are: beside it, or where settings say.
struct Installation: Sendable {
    let workerExecutable: String
    let sandboxDirectory: String

    init(_ settings: Settings) throws {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        workerExecutable = try Installation.existing(
            settings.workerExecutable,
            or: [program.deletingLastPathComponent().appendingPathComponent("harmonium-python").path],
            setting: "worker.executable"
        )
        sandboxDirectory = try Installation.existing(
            settings.sandboxDirectory,
            or: Installation.ancestors(of: program).flatMap { ["\($0)/share/harmonium/sandbox", "\($0)/sandbox"] },
            setting: "sandbox.directory"
        )
    }

    private static func existing(_ set: String, or candidates: [String], setting: String) throws -> String {
        let places = set.isEmpty ? candidates : [set]
        let holds = { (path: String) in
            FileManager.default.fileExists(atPath: setting == "sandbox.directory" ? "\(path)/packages.txt" : path)
        }
        guard let found = places.first(where: holds) else {
            throw SettingsError("\(setting): not found at \(places.joined(separator: ", ")); set it")
        }
        return URL(fileURLWithPath: found).standardizedFileURL.path
    }

    private static func ancestors(of file: URL) -> [String] {
        var directories: [String] = []
        var directory = file.deletingLastPathComponent()
        while directory.path != "/" {
            directories.append(directory.path)
            directory.deleteLastPathComponent()
        }
        return directories
    }
}
