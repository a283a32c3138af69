internal import Configuration
internal import Foundation
internal import SystemPackage
internal import Yams

/// Where settings come from; the first that has one counts: options, the environment, a file, the defaults.
struct SettingSources {
    /// What the command line gives, by key.
    var options: [String: String]
    /// A YAML file.
    var file: String?
    var environment = ProcessInfo.processInfo.environment

    /// Reads and checks every setting.
    ///
    /// - Throws: ``SettingsError``, which names the setting or the file.
    func settings() async throws -> Settings {
        for key in options.keys.sorted() where !Setting.all.contains(where: { $0.key == key }) {
            throw SettingsError(Setting.unknown(key))
        }
        // Options go by the names of environment variables, so that both are read by the same rules.
        let variables = Dictionary(
            uniqueKeysWithValues: options.map { (Setting.environmentName(of: $0.key), $0.value) }
        )
        var providers: [any ConfigProvider] = [
            EnvironmentVariablesProvider(environmentVariables: variables).prefixKeys(with: "harmonium"),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "harmonium"),
        ]
        if let file { providers.append(try await SettingSources.provider(of: file)) }
        providers.append(SettingSources.defaults)
        return try Settings(reading: ConfigReader(providers: providers))
    }

    /// The variables that look like settings and are not in the table, most likely misspelled; each with a hint.
    var unknownVariables: [(name: String, hint: String)] {
        let names = Setting.all.map(\.environmentName)
        let known = Set(names + ["HARMONIUM_CONFIG", "HARMONIUM_SHARED"])
        return environment.keys.filter { $0.hasPrefix("HARMONIUM_") && !known.contains($0) }.sorted().map { name in
            let nearest = Setting.nearest(to: name, among: names)
            return (name, nearest.map { "did you mean \($0)?" } ?? "docs/configuration.md lists the settings")
        }
    }

    /// The last provider, which has every key.
    private static var defaults: InMemoryProvider {
        let values = Setting.all.map { setting -> (AbsoluteConfigKey, ConfigValue) in
            let content: ConfigContent =
                switch setting.kind {
                case .text(let text): .string(text)
                case .choice(let choices): .string(choices[0])
                case .number(_, let number): .int(number)
                case .list(let items, _): .stringArray(items)
                }
            return (AbsoluteConfigKey(ConfigKey(setting.key)), ConfigValue(content, isSecret: false))
        }
        return InMemoryProvider(name: "defaults", values: Dictionary(uniqueKeysWithValues: values))
    }

    private static func provider(of file: String) async throws -> any ConfigProvider {
        do {
            let provider = try await FileProvider<YAMLSnapshot>(filePath: FilePath(file))
            for key in try keys(in: String(contentsOfFile: file, encoding: .utf8)) {
                guard Setting.all.contains(where: { $0.key == key }) else {
                    throw SettingsError("\(file): \(Setting.unknown(key))")
                }
            }
            return provider
        } catch let error as SettingsError {
            throw error
        } catch {
            throw SettingsError("\(file): cannot be read as YAML settings: \(error)")
        }
    }

    /// The keys in a YAML text that have a value, with dots between levels; an empty level has none.
    private static func keys(in text: String) throws -> [String] {
        var found: [String] = []
        var pending: [(prefix: String, node: Node)] = try Yams.compose(yaml: text).map { [("", $0)] } ?? []
        while let (prefix, node) = pending.popLast() {
            guard let mapping = node.mapping else {
                found.append(prefix)
                continue
            }
            pending += mapping.reversed().map { key, value in
                (prefix.isEmpty ? key.string ?? "" : "\(prefix).\(key.string ?? "")", value)
            }
        }
        return found
    }
}
