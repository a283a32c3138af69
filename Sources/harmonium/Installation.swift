internal import Foundation
internal import Logging
internal import Tokenizer

/// Where the parts of this program are: beside it, or where settings say.
struct Installation: Sendable {
    /// The worker of python.
    let workerExecutable: String
    /// The worker of container; nil if that is not served.
    let containerExecutable: String?
    let sandboxDirectory: String
    /// Where a vocabulary may be, the place that was set alone if one was.
    let vocabularyPlaces: [String]
    private let isVocabularySet: Bool

    init(_ settings: Settings) throws {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        workerExecutable = try Installation.existing(
            settings.workerExecutable,
            or: [program.deletingLastPathComponent().appendingPathComponent("harmonium-python").path],
            setting: "worker.executable"
        )
        containerExecutable =
            settings.tools.contains("container")
            ? try Installation.existing(
                settings.containerExecutable,
                or: [program.deletingLastPathComponent().appendingPathComponent("harmonium-container").path],
                setting: "worker.container-executable"
            ) : nil
        sandboxDirectory = try Installation.existing(
            settings.sandboxDirectory,
            or: Installation.ancestors(of: program).flatMap { ["\($0)/share/harmonium/sandbox", "\($0)/sandbox"] },
            setting: "sandbox.directory"
        )
        isVocabularySet = !settings.vocabularyFile.isEmpty
        vocabularyPlaces = isVocabularySet ? [settings.vocabularyFile] : Installation.usualVocabularyPlaces
    }

    /// What is off without a vocabulary, and how to get one.
    static let noVocabulary = """
        none is installed, so token ids are off and output is counted in bytes; get it with `harmonium vocabulary install`
        """

    /// Beside this program, where set-up puts it, and then where it is installed for a user or for all.
    static var usualVocabularyPlaces: [String] {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let environment = ProcessInfo.processInfo.environment
        return Installation.ancestors(of: program).map { "\($0)/share/harmonium/\(Vocabulary.fileName)" }
            + Vocabulary.usualPaths { environment[$0] }
    }

    /// The encoding, of the first vocabulary that there is; nil without one, which is said in the log.
    func encoding() throws -> Encoding? {
        for place in vocabularyPlaces where isVocabularySet || FileManager.default.isReadableFile(atPath: place) {
            do throws(TokenizerError) {
                return Encoding(try Vocabulary(place))
            } catch {
                throw SettingsError(
                    "vocabulary.file: \(place): \(error); make it again with `harmonium vocabulary install`"
                )
            }
        }
        Logger.current.notice("No vocabulary", metadata: ["effect": "\(Installation.noVocabulary)"])
        return nil
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
