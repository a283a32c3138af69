import Foundation
import Subprocess
import SystemPackage

/// The program under test, which is built into the same directory as these tests.
enum Program {
    /// What a run of it left.
    struct Outcome: Sendable {
        let exitCode: Int32
        let output: String
        let errors: String
    }

    /// The directory that SwiftPM builds into.
    static let directory = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    /// Where the package's manifest is.
    static let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Whether the program finds its tokens, which set-up puts beside it.
    static var hasVocabulary: Bool {
        FileManager.default.isReadableFile(
            atPath: packageRoot.appending(path: ".build/share/harmonium/o200k.vocabulary").path
        )
    }

    static var harmonium: FilePath { FilePath(directory.appending(path: "harmonium").path) }

    static func isThere(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Runs it to its end with a runtime directory of its own; minus the signal if one ended it.
    static func run(
        _ arguments: [String],
        input: String = "",
        environment: [Environment.Key: String?] = [:]
    ) async throws -> Outcome {
        try await run(harmonium, arguments, input: input, environment: environment)
    }

    static func run(
        _ executable: FilePath,
        _ arguments: [String],
        input: String = "",
        environment: [Environment.Key: String?] = [:]
    ) async throws -> Outcome {
        let home = try TemporaryDirectory()
        defer { home.remove() }
        let result = try await Subprocess.run(
            .path(executable),
            arguments: Arguments(arguments),
            environment: .inherit.updating(["XDG_RUNTIME_DIR": home.path, "STATE_DIRECTORY": "\(home.path)/state"])
                .updating(environment),
            input: .string(input),
            output: .string(limit: 16 << 20),
            error: .string(limit: 1 << 20)
        )
        return Outcome(
            exitCode: result.terminationStatus.code,
            output: result.standardOutput,
            errors: result.standardError
        )
    }
}

extension TerminationStatus {
    /// The exit code, or minus the number of the signal.
    var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): -signal
        }
    }
}

/// A directory for one test, with a path that is short enough for sockets.
struct TemporaryDirectory: Sendable {
    let path: String

    /// A new one, which belongs to `user` if that is given.
    init(of user: uid_t? = nil) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "e2e-\(UUID().uuidString.prefix(13))").path
        let owner: [FileAttributeKey: Any]? = user.map { [.ownerAccountID: $0, .groupOwnerAccountID: $0] }
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: owner
        )
    }

    /// The files and directories in it, at any depth.
    var contents: [String] { (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? [] }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
