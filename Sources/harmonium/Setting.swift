/// One thing that can be set, by an option, the environment or a file; ``all`` is the table of them.
struct Setting: Equatable, Sendable {
    /// What a setting takes, and its default.
    enum Kind: Equatable, Sendable {
        case text(default: String = "")
        /// One of several words; the first is the default.
        case choice([String])
        case number(ClosedRange<Int>, default: Int)
        /// Several texts, each one of `choices` if there are any.
        case list(default: [String] = [], choices: [String] = [])
    }

    /// The name in a configuration file, with dots between levels.
    let key: String
    let kind: Kind
    /// One sentence, with the unit.
    let help: String

    init(_ key: String, _ kind: Kind, help: String) {
        self.key = key
        self.kind = kind
        self.help = help
    }

    /// The environment variable of the same meaning.
    var environmentName: String { Setting.environmentName(of: key) }

    static func environmentName(of key: String) -> String {
        "HARMONIUM_" + key.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }

    /// The default as a person would write it, empty for nothing.
    var defaultText: String {
        switch kind {
        case .text(let text): text
        case .choice(let choices): choices[0]
        case .number(_, let number): "\(number)"
        case .list(let items, _): items.joined(separator: ",")
        }
    }

    /// What it takes, for a person.
    var takes: String {
        switch kind {
        case .text: "text"
        case .choice(let choices): choices.joined(separator: ", ")
        case .number(let range, _): "\(range.lowerBound) to \(range.upperBound)"
        case .list(_, let choices): choices.isEmpty ? "list" : "list of " + choices.joined(separator: ", ")
        }
    }

    /// The setting of this name; a name that is not in the table is a mistake in this program.
    static func named(_ key: String) -> Setting {
        guard let setting = all.first(where: { $0.key == key }) else { preconditionFailure("no setting \(key)") }
        return setting
    }

    /// The sentence about a key that is not in the table.
    static func unknown(_ key: String) -> String {
        let hint = nearest(to: key, among: all.map(\.key)).map { "did you mean \($0)?" }
        return "there is no setting \(key); \(hint ?? "docs/configuration.md lists them")"
    }

    /// The name that is most like `name`; nil if none is much like it.
    static func nearest(to name: String, among names: [String]) -> String? {
        let distances = names.map { ($0, editDistance(from: name, to: $0)) }
        let nearest = distances.min { $0.1 < $1.1 }
        return nearest.flatMap { $0.1 <= max(2, name.utf8.count / 3) ? $0.0 : nil }
    }

    /// How many characters have to be put in, left out or replaced to make one text of another (Levenshtein).
    private static func editDistance(from first: String, to second: String) -> Int {
        let (first, second) = (Array(first.prefix(100).utf8), Array(second.utf8))
        var row = Array(0...second.count)
        for (i, byte) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in second.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[second.count]
    }
}
