internal import Configuration

/// Reads settings by their keys as the table has them, and names the one that is wrong.
struct SettingReader {
    private let config: ConfigReader

    init(_ config: ConfigReader) {
        self.config = config
    }

    func text(_ key: String) throws -> String {
        try value(of: Setting.named(key), "text") { try config.requiredString(forKey: $0) }
    }

    /// One of the words that the setting has.
    func choice(_ key: String) throws -> String {
        guard case .choice(let choices) = Setting.named(key).kind else { preconditionFailure("\(key) has no choices") }
        let word = try text(key)
        try check(word, of: key, among: choices)
        return word
    }

    func list(_ key: String) throws -> [String] {
        guard case .list(_, let choices) = Setting.named(key).kind else { preconditionFailure("\(key) is not a list") }
        let items = try value(of: Setting.named(key), "a list of texts") {
            try config.requiredStringArray(forKey: $0)
        }
        if !choices.isEmpty { for item in items { try check(item, of: key, among: choices) } }
        return items
    }

    func number(_ key: String) throws -> Int {
        guard case .number(let range, _) = Setting.named(key).kind else {
            preconditionFailure("\(key) is not a number")
        }
        let number = try value(of: Setting.named(key), "a whole number") { try config.requiredInt(forKey: $0) }
        guard range.contains(number) else {
            throw SettingsError("\(key): \(number) is not from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func seconds(_ key: String) throws -> Duration { .seconds(try number(key)) }

    private func check(_ word: String, of key: String, among choices: [String]) throws {
        guard choices.contains(word) else {
            throw SettingsError("\(key): \"\(word)\" is not one of \(choices.joined(separator: ", "))")
        }
    }

    /// Every setting has a default, so what fails is a value of another type.
    private func value<Value>(
        of setting: Setting,
        _ type: String,
        _ read: (ConfigKey) throws -> Value
    ) throws -> Value {
        do {
            return try read(ConfigKey(setting.key))
        } catch {
            throw SettingsError("\(setting.key): what is set is not \(type)")
        }
    }
}
