import Foundation
import Harmony
import JSON
import Testing
import Tokenizer

/// Recorded truth about the reference libraries, and the vocabulary it needs; not part of this repository.
enum Goldens {
    /// The vocabulary; nil where it is not.
    static let encoding = try? makeEncoding()

    static let render = cases("render.dev.json")
    static let parse = cases("parse.dev.json")

    static let reason: Comment = "HARMONIUM_SHARED, by default ../shared, holds no vocabulary or no goldens"

    private static let folder = URL(
        filePath: ProcessInfo.processInfo.environment["HARMONIUM_SHARED"] ?? "../shared",
        relativeTo: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../")
    )

    /// Makes a vocabulary for this run.
    private static func makeEncoding() throws -> Encoding {
        let text = try [UInt8](Data(contentsOf: folder.appending(path: "vocab/o200k_base.tiktoken")))
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).vocabulary")
        defer { try? FileManager.default.removeItem(at: file) }
        try Vocabulary.install(text: text.span, at: file.path(percentEncoded: false))
        return Encoding(try Vocabulary(file.path(percentEncoded: false)))
    }

    private static func cases(_ name: String) -> [Golden] {
        guard encoding != nil, let data = try? Data(contentsOf: folder.appending(path: "goldens/harmony/\(name)")),
            let json = try? JSONValue(parsing: [UInt8](data), limits: JSONLimits(valuesMax: 10_000_000))
        else { return [] }
        return json.array?.compactMap(Golden.init) ?? []
    }
}

/// One recorded case.
struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    let json: JSONValue

    init?(_ json: JSONValue) {
        guard let name = json["id"]?.string else { return nil }
        self.name = name
        self.json = json
    }

    var testDescription: String { name }

    /// What a library did; oss-harmony's is recorded only where it differs.
    func expectation(_ flavor: Flavor) -> JSONValue? {
        let openAI = json["expect_openai_harmony_0_0_8"]
        guard flavor == .oss, let oss = json["expect_oss_harmony_0_0_11"], oss != "same" else { return openAI }
        return oss
    }
}

extension JSONValue {
    /// The ids of an array of numbers.
    var ids: [UInt32]? {
        array?.compactMap { element in
            if case .integer(let value) = element { UInt32(value) } else { nil }
        }
    }

    /// The same without members that are `null`, and with the names in order.
    var canonical: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.canonical))
        case .object(let members):
            .object(
                JSONObject(
                    members.filter { $0.value != .null }.map { JSONObject.Member($0.name, $0.value.canonical) }
                        .sorted { $0.name < $1.name }
                )
            )
        case .null, .bool, .integer, .unsigned, .number, .string: self
        }
    }
}

extension String? {
    /// As JSON, `null` where there is none.
    var json: JSONValue { map { .string($0) } ?? .null }
}
