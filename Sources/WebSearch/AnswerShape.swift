internal import FoundationEssentials

/// Where an answer has its results, and what they call what we want of them.
struct AnswerShape: Sendable {
    /// The keys that lead to each list of results; what every list has is taken, in this order.
    let lists: [[String]]
    var url = "url"
    /// The members that can be a summary, a string or several; the first that says something is taken.
    let summary: [String]
    /// Whether titles and summaries have tags and references in them.
    var hasMarkup = false
    /// The member that shows an answer without any list to be one without results.
    var signOfNone: String?

    /// More are read by nobody.
    private static let resultsMax = 100

    /// The results in `answer`; nil if it is not of this shape.
    func hits(in answer: [UInt8]) -> [SearchHit]? {
        try? JSONDecoder().decode(Results.self, from: Data(answer), configuration: self).hits
    }

    /// What the decoder is asked for.
    private struct Results: DecodableWithConfiguration {
        let hits: [SearchHit]

        init(from decoder: any Decoder, configuration shape: AnswerShape) throws {
            hits = try shape.hits(from: decoder)
        }
    }

    private struct Unshaped: Error {}

    private func hits(from decoder: any Decoder) throws -> [SearchHit] {
        var hits: [SearchHit] = []
        var isOfShape = false
        for path in lists {
            guard var list = list(at: path, in: decoder) else { continue }
            isOfShape = true
            while !list.isAtEnd, hits.count < Self.resultsMax {
                if let hit = hit(from: try list.superDecoder()) { hits.append(hit) }
            }
        }
        if !isOfShape {
            guard let signOfNone, let root = try? decoder.container(keyedBy: Name.self),
                root.contains(Name(signOfNone))
            else { throw Unshaped() }
        }
        return hits
    }

    private func list(at path: [String], in decoder: any Decoder) -> (any UnkeyedDecodingContainer)? {
        guard let last = path.last else { return try? decoder.unkeyedContainer() }
        guard var object = try? decoder.container(keyedBy: Name.self) else { return nil }
        for name in path.dropLast() {
            guard let inner = try? object.nestedContainer(keyedBy: Name.self, forKey: Name(name)) else { return nil }
            object = inner
        }
        return try? object.nestedUnkeyedContainer(forKey: Name(last))
    }

    /// A result; nil if it leads nowhere.
    private func hit(from decoder: any Decoder) -> SearchHit? {
        guard let result = try? decoder.container(keyedBy: Name.self),
            let url = try? result.decode(String.self, forKey: Name(url)), Self.isWeb(url)
        else { return nil }
        let title = (try? result.decode(String.self, forKey: Name("title"))) ?? ""
        let summary = summary.lazy.map { text(of: $0, in: result) }.first { !$0.isEmpty } ?? ""
        return SearchHit(url: url, title: plain(title), summary: plain(summary))
    }

    private func text(of member: String, in result: KeyedDecodingContainer<Name>) -> String {
        if let text = try? result.decode(String.self, forKey: Name(member)) { return text }
        let passages = (try? result.decode([String].self, forKey: Name(member))) ?? []
        return passages.joined(separator: " … ")
    }

    private func plain(_ text: String) -> String { hasMarkup ? OneLine.withoutMarkup(text) : text }

    private static func isWeb(_ url: String) -> Bool {
        let isHTTP = ["http://", "https://"].contains { url.lowercased().hasPrefix($0) }
        return isHTTP && url.utf8.count <= 4096 && !url.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
    }
}

/// Any member of an object.
private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }

    init?(stringValue: String) { self.init(stringValue) }

    init?(intValue: Int) { nil }
}
