internal import ArgumentParser
internal import Foundation
internal import Logging
internal import Tokenizer

/// Options of every command that reads settings: option, then environment, then file, then default.
struct CommonOptions: ParsableArguments {
    @Option(name: .long, help: "A YAML file with settings; see docs/configuration.md.")
    var config: String?

    @Option(
        name: .long,
        help: "The lowest level that is logged: trace, debug, info, notice, warning, error or critical."
    )
    var logLevel: String?

    @Option(name: .long, help: "The format of log lines: text or json.")
    var logFormat: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Any setting, such as python.memory-mib=512; may be repeated.", valueName: "key=value")
    )
    var set: [String] = []

    /// Reads the settings, begins to log and finds the parts of this program.
    ///
    /// - Parameter options: Those that the command itself has, by key.
    /// - Throws: `ValidationError` for a setting or a part that is wrong.
    func prepare(options: [String: String?] = [:]) async throws -> (Settings, Installation) {
        do {
            let settings = try await settings(options: options)
            settings.startLogging()
            for (name, hint) in try sources(options: options).unknownVariables {
                Logger.current.warning(
                    "No such setting in the environment",
                    metadata: ["name": "\(name)", "hint": "\(hint)"]
                )
            }
            return (settings, try Installation(settings))
        } catch let error as SettingsError {
            throw ValidationError(error.description)
        }
    }

    /// The encoding, for commands that need it and no other part of this program.
    func encoding() async throws -> Encoding {
        let set = try await readSettings().vocabularyFile
        let places = set.isEmpty ? Installation.usualVocabularyPlaces : [set]
        for place in places where FileManager.default.isReadableFile(atPath: place) {
            return Encoding(try Vocabulary(place))
        }
        throw ValidationError("there is no vocabulary; get it with `harmonium vocabulary install`")
    }

    /// The settings alone, for commands that neither log nor need the other parts of this program.
    func readSettings() async throws -> Settings {
        do {
            return try await settings(options: [:])
        } catch let error as SettingsError {
            throw ValidationError(error.description)
        }
    }

    private func settings(options: [String: String?]) async throws -> Settings {
        try await sources(options: options).settings()
    }

    private func sources(options: [String: String?]) throws -> SettingSources {
        var given = options.compactMapValues { $0 }
        given["log.level"] = logLevel
        given["log.format"] = logFormat
        for pair in set {
            guard let equals = pair.firstIndex(of: "=") else {
                throw ValidationError("--set \(pair): write it as key=value")
            }
            given[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        return SettingSources(options: given, file: config ?? ProcessInfo.processInfo.environment["HARMONIUM_CONFIG"])
    }
}

extension Settings {
    /// Makes log lines go to standard error in the format and from the level that are set.
    func startLogging() {
        guard let level = Logger.Level(rawValue: logLevel) else { preconditionFailure("a log level \(logLevel)") }
        let format: LineLogHandler.Format = logFormat == "json" ? .json : .text
        LoggingSystem.bootstrap { _ in LineLogHandler(format: format, logLevel: level) }
    }
}
