internal import HTMLText
internal import JSON

/// Where an answer has its results, and what they call what we want of them.
struct AnswerShape: Sendable {
    /// The keys that lead to each list of results; what every list has is taken, in this order.
    let lists: [[String]]
    var url = "url"
    /// The members that can be a summary, a string or several; the first that says something is taken.
    let summary: [String]
    /// What the service says itself, before its results.
    var asides: [Aside] = []
    /// The member that shows an answer without any list to be one without results.
    var signOfNone: String?
    /// The member with the engines that a service asked in vain, each a name and a reason.
    var silentEngines: String?

    /// An answer to the question, or a description of what it is about.
    struct Aside: Sendable {
        /// The keys that lead to it, or to a list of such.
        let path: [String]
        /// What it is called where it has no name.
        let name: String
        var title: [String] = []
        /// The members that say something, all of which are taken.
        let text: [String]
        /// The members that can be its page, or pages.
        let url: [String]
    }

    /// More are not shown.
    private static let resultsMax = 100
    private static let asidesMax = 3

    /// What is in `answer`; nil if it is not of this shape.
    func read(_ answer: [UInt8]) -> SearchAnswer? {
        guard let root = try? JSONValue(parsing: answer) else { return nil }
        let lists = lists.compactMap { root.value(at: $0)?.array }
        guard !lists.isEmpty || signOfNone.map({ root.value(at: [$0]) != nil }) == true else { return nil }
        let asides = asides.flatMap { aside in
            let found = root.value(at: aside.path) ?? .null
            return (found.array ?? [found]).lazy.compactMap { hit(of: aside, in: $0) }.prefix(Self.asidesMax)
        }
        let results = lists.lazy.joined().compactMap(hit).prefix(Self.resultsMax)
        let silent = silentEngines.flatMap { root.value(at: [$0])?.array } ?? []
        return SearchAnswer(hits: asides + results, silentEngines: silent.prefix(10).compactMap(Self.engine))
    }

    /// A result; nil if it leads nowhere.
    private func hit(in result: JSONValue) -> SearchHit? {
        guard let url = result.text(of: url), Self.isWeb(url) else { return nil }
        let summary = summary.lazy.compactMap { result.text(of: $0) }.first { !$0.isEmpty } ?? ""
        return Self.hit(url: url, title: result.text(of: "title") ?? "", summary: summary)
    }

    /// What the service says; nil if that is nothing.
    private func hit(of aside: Aside, in value: JSONValue) -> SearchHit? {
        let said = value.string.map { [$0] } ?? aside.text.compactMap { value.text(of: $0) }
        let text = said.filter { !$0.isEmpty }.joined(separator: " · ")
        guard !text.isEmpty else { return nil }
        let urls = aside.url.compactMap { value.text(of: $0) }
        let title = aside.title.lazy.compactMap { value.text(of: $0) }.first { !$0.isEmpty }
        return Self.hit(url: urls.first(where: Self.isWeb) ?? "", title: title ?? aside.name, summary: text)
    }

    private static func hit(url: String, title: String, summary: String) -> SearchHit {
        SearchHit(url: url, title: PlainText.ofFragment(title), summary: PlainText.ofFragment(summary))
    }

    /// `brave (too many requests)`
    private static func engine(_ value: JSONValue) -> String? {
        let words = value.array?.compactMap(\.string) ?? [value.string ?? ""]
        guard let name = words.first, !name.isEmpty else { return nil }
        let reason = words.dropFirst().first.map { " (\(OneLine.of($0, bytesMax: 60)))" } ?? ""
        return OneLine.of(name, bytesMax: 40) + reason
    }

    private static func isWeb(_ url: String) -> Bool {
        let isHTTP = ["http://", "https://"].contains { url.lowercased().hasPrefix($0) }
        return isHTTP && url.utf8.count <= 4096 && !url.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
    }
}

/// What a service answered.
struct SearchAnswer: Equatable, Sendable {
    var hits: [SearchHit]
    /// What it asked in vain, with reasons.
    var silentEngines: [String]
}

extension JSONValue {
    /// What the keys `path` lead to, one inside of the other.
    fileprivate func value(at path: [String]) -> JSONValue? {
        path.reduce(.some(self)) { value, name in value?[name] }
    }

    /// The text of a member: a string, several, or a list of labels with their values.
    fileprivate func text(of member: String) -> String? {
        switch self[member] {
        case .string(let text): text
        case .array(let values): values.compactMap(\.passage).joined(separator: " … ")
        case .object, .bool, .integer, .unsigned, .number, .null, nil: nil
        }
    }

    private var passage: String? {
        guard let members = object else { return string }
        guard let value = members["value"]?.string else { return nil }
        return members["label"]?.string.map { "\($0): \(value)" } ?? value
    }
}
