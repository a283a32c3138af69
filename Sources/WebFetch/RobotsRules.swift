/// What a site asks robots to leave alone. Source: RFC 9309.
struct RobotsRules: Equatable, Sendable {
    private struct Rule: Equatable {
        let isAllowed: Bool
        /// A path, percent-encoded as it was written, with `*` and a `$` at the end.
        let pattern: [UInt8]
    }

    /// The one that decides first.
    private let rules: [Rule]
    /// Nothing is allowed: the site could not say what is.
    private let refusesAll: Bool

    /// A site that asks for nothing.
    static let none = RobotsRules(rules: [], refusesAll: false)
    /// A site whose wishes cannot be learned, which counts as a no.
    static let unknown = RobotsRules(rules: [], refusesAll: true)

    /// How much of a file is read, as the RFC has it.
    private static let bytesMax = 500 << 10
    /// How many rules of a group count, and how much of a pattern and a path: their product is time.
    private static let rulesMax = 1000
    private static let patternBytesMax = 256
    private static let pathBytesMax = 1024

    private init(rules: [Rule], refusesAll: Bool) {
        self.rules = rules
        self.refusesAll = refusesAll
    }

    /// The rules of `file` for the robot called `agent`, in lower case; else those for everybody.
    init(_ file: [UInt8], for agent: String) {
        var groups: [String: [Rule]] = [:]
        var agents: [String] = []
        var isListingAgents = false
        for line in file.prefix(Self.bytesMax).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard let (key, value) = Self.field(line) else { continue }
            switch key {
            case "user-agent":
                if !isListingAgents { agents = [] }
                isListingAgents = true
                agents.append(String(decoding: value, as: UTF8.self).lowercased())
                for agent in agents where groups[agent] == nil { groups[agent] = [] }
            case "allow", "disallow":
                isListingAgents = false
                guard !value.isEmpty else { continue }
                let rule = Rule(isAllowed: key == "allow", pattern: Array(value.prefix(Self.patternBytesMax)))
                for agent in agents where groups[agent, default: []].count < Self.rulesMax {
                    groups[agent, default: []].append(rule)
                }
            default: continue
            }
        }
        let rules = groups[agent] ?? groups["*"] ?? []
        self.init(rules: rules.sorted(by: Self.decides), refusesAll: false)
    }

    /// Whether `target`, a path with its query, may be fetched: the longest pattern decides, and in doubt allows.
    func allow(_ target: String) -> Bool {
        guard !refusesAll else { return false }
        // What is cut off is at no pattern's end.
        let isCut = target.utf8.count > Self.pathBytesMax
        let path = Array(target.utf8.prefix(Self.pathBytesMax)) + (isCut ? [0] : [])
        return rules.first { Self.matches($0.pattern[...], path[...]) }?.isAllowed ?? true
    }

    /// Whether `rule` comes before another: the longest first, and of those as long the ones that allow.
    private static func decides(_ rule: Rule, before other: Rule) -> Bool {
        guard rule.pattern.count == other.pattern.count else { return rule.pattern.count > other.pattern.count }
        return rule.isAllowed && !other.isAllowed
    }

    private static func field(_ line: some Collection<UInt8>) -> (key: String, value: ArraySlice<UInt8>)? {
        let text = Array(line.prefix { $0 != UInt8(ascii: "#") })
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let key = String(decoding: trimmed(text[..<colon]), as: UTF8.self).lowercased()
        return (key, trimmed(text[(colon + 1)...]))
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = bytes.drop { $0 <= 0x20 }
        while let last = rest.last, last <= 0x20 { rest.removeLast() }
        return rest
    }

    /// In time of at most the product of both lengths: each star only ever restarts further on.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
        let isAnchored = pattern.last == UInt8(ascii: "$")
        let pattern = isAnchored ? pattern.dropLast() : pattern
        var (at, place) = (pattern.startIndex, path.startIndex)
        var star: (at: Int, place: Int)?
        while true {
            if at == pattern.endIndex, !isAnchored || place == path.endIndex { return true }
            if at < pattern.endIndex, pattern[at] == UInt8(ascii: "*") {
                star = (at + 1, place)
                at += 1
            } else if at < pattern.endIndex, place < path.endIndex, pattern[at] == path[place] {
                (at, place) = (at + 1, place + 1)
            } else if let last = star, last.place < path.endIndex {
                star = (last.at, last.place + 1)
                (at, place) = (last.at, last.place + 1)
            } else {
                return false
            }
        }
    }
}
