import Foundation
import Harmony
import JSON
import TestSupport
import Testing

extension Goldens {
    static let render = cases("harmony/render")
    static let parse = cases("harmony/parse")

    private static func cases(_ name: String) -> [Golden] {
        files(name).flatMap { file in
            let json = (try? Data(contentsOf: file)).flatMap {
                try? JSONValue(parsing: [UInt8]($0), limits: JSONLimits(valuesMax: 10_000_000))
            }
            return json?.array?.compactMap(Golden.init) ?? []
        }
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
    /// As JSON, `null` for nil.
    var json: JSONValue { map { .string($0) } ?? .null }
}
