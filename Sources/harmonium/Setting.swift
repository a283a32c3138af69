/// One thing that can be set: by an option, the environment or a file, else it has its default.
struct Setting<Value: Sendable>: Sendable {
    /// The name in a configuration file, with dots between levels.
    let key: String
    /// What holds where nobody says otherwise.
    let standard: Value
    /// One sentence, with the unit.
    let help: String

    init(_ key: String, default standard: Value, _ help: String) {
        self.key = key
        self.standard = standard
        self.help = help
    }

    var about: SettingAbout { SettingAbout(key: key, standard: "\(standard)", help: help) }
}

/// A setting as its documentation shows it.
struct SettingAbout: Equatable, Sendable {
    let key: String
    let standard: String
    let help: String

    /// The environment variable of the same meaning.
    var environmentName: String { SettingAbout.environmentName(of: key) }

    static func environmentName(of key: String) -> String {
        "HARMONIUM_" + key.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }
}
