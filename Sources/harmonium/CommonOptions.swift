internal import ArgumentParser
internal import Configuration
internal import Foundation
internal import Logging
internal import SystemPackage
internal import Tokenizer

/// Options of every command that reads settings: option, then environment, then file, then default.
struct CommonOptions: ParsableArguments {
    @Option(name: .long, help: "A YAML file with settings; see docs/configuration.md.")
    var config: String?

    @Option(name: .long, help: "trace, debug, info, notice, warning or error.")
    var logLevel: String?

    @Option(name: .long, help: "text or json.")
    var logFormat: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Any setting, such as python.memory-mib=512; may be repeated.", valueName: "key=value")
    )
    var set: [String] = []

    /// Reads the settings, begins to log and finds the parts of this program.
    ///
    /// `options` are those that the command itself offers, by key. What is wrong is an error of the command line's.
    func prepare(options: [String: String?] = [:]) async throws -> (Settings, Installation) {
        do {
            let settings = try await settings(options: options)
            try settings.startLogging()
            CommonOptions.warnOfUnknownVariables()
            return (settings, try Installation(settings))
        } catch let error as SettingsError {
            throw ValidationError(error.description)
        }
    }

    /// The encoding, for commands that can do nothing without; none of them needs the other parts of this program.
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

    /// A variable that looks like a setting and is none is most likely one that was misspelt.
    private static func warnOfUnknownVariables() {
        let known = Set(AllSettings.about.map(\.environmentName) + ["HARMONIUM_CONFIG", "HARMONIUM_SHARED"])
        let names = ProcessInfo.processInfo.environment.keys.filter { $0.hasPrefix("HARMONIUM_") }
        for name in names.sorted() where !known.contains(name) {
            Logger.current.warning("No such setting in the environment", metadata: ["name": "\(name)"])
        }
    }

    private func settings(options: [String: String?]) async throws -> Settings {
        var given = options.compactMapValues { $0 }
        given["log.level"] = logLevel
        given["log.format"] = logFormat
        for pair in set {
            guard let equals = pair.firstIndex(of: "=") else {
                throw ValidationError("--set \(pair): write it as key=value")
            }
            given[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
        }
        for key in given.keys where !AllSettings.about.contains(where: { $0.key == key }) {
            throw ValidationError("there is no setting \(key); docs/configuration.md lists them")
        }
        return try Settings(reading: ConfigReader(providers: try await providers(given)))
    }

    private func providers(_ given: [String: String]) async throws -> [any ConfigProvider] {
        // Options go by the names of environment variables, so that both are read by the same rules.
        let variables = Dictionary(
            uniqueKeysWithValues: given.map { (SettingAbout.environmentName(of: $0.key), $0.value) }
        )
        var providers: [any ConfigProvider] = [
            EnvironmentVariablesProvider(environmentVariables: variables).prefixKeys(with: "harmonium"),
            EnvironmentVariablesProvider().prefixKeys(with: "harmonium"),
        ]
        if let path = config ?? ProcessInfo.processInfo.environment["HARMONIUM_CONFIG"] {
            do {
                providers.append(try await FileProvider<YAMLSnapshot>(filePath: FilePath(path)))
            } catch {
                throw SettingsError("\(path): cannot be read as YAML settings: \(error)")
            }
        }
        return providers
    }
}

extension Settings {
    /// Makes log lines go to standard error in the format and from the level that are set.
    func startLogging() throws {
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw SettingsError("log.level: \"\(logLevel)\" is no level; debug, info, warning and error are")
        }
        let format: LineLogHandler.Format = logFormat == "json" ? .json : .text
        LoggingSystem.bootstrap { _ in LineLogHandler(format: format, logLevel: level) }
    }
}
