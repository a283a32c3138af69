import Foundation
import JSON
import TestSupport
import Testing

@testable import Responses

/// Streams that are known to be right come again, event by event, but for ids, times, and how text is cut into deltas.
@Suite(
    .bounded,
    .enabled(if: Installed.hasVocabulary, "run scripts/vocabulary debug"),
    .enabled(if: !Exemplar.names.isEmpty, "no goldens/responses in HARMONIUM_SHARED")
)
struct ExemplarTests {
    /// Every difference that there is, with its reason.
    private static let reasons = [
        "+item.phase": "newer than the exemplars: what is said on the way, and what is the answer",
        "+response.completed_at": "newer than the exemplars",
        "+response.presence_penalty": "Open Responses wants it",
        "+response.frequency_penalty": "Open Responses wants it",
        "+response.prompt_cache_key": "Open Responses wants it",
        "+response.safety_identifier": "Open Responses wants it",
        "+item.environment": "newer than the exemplars",
        "+response.tools.authorization": "null, as `headers` is",
        "item.output": "a tool of ours that has nothing to say says so",
        "+response.tools.description": "Open Responses wants it, null where there is none",
        "+response.tools.strict": "Open Responses wants it, null where there is none",
        "response.service_tier": "there is one tier, the default one",
        "response.model": "another name",
        "response.tools.server_url": "what follows the host may be a secret",
        "response.max_output_tokens": "asked for here, where the exemplar does not say what cut it",
    ]

    @Test(arguments: Exemplar.names)
    func `an exemplar comes again`(name: String) async throws {
        let exemplar = try Exemplar(Exemplar.folder.appending(path: name), Installed.encoding())
        let test = try TestGateway(
            exemplar.turns.map { .array($0.map { .integer(Int($0)) }) },
            namespaces: exemplar.namespaces
        )
        let answered = try await test.answer(exemplar.request)
        let expected = Self.joined(exemplar.events)
        let actual = Self.joined(answered.events.map { .object($0.json) })
        #expect(actual.map { $0["type"]?.string } == expected.map { $0["type"]?.string })
        var differences: [String: String] = [:]
        for (ours, theirs) in zip(actual, expected) {
            for difference in Self.differences(ours, theirs, at: "") {
                differences[difference.path] = "\(theirs["type"] ?? ""): \(difference.values)"
            }
        }
        for (path, values) in differences where Self.reasons[path] == nil {
            Issue.record("\(path) of \(values)")
        }
    }

    /// The events, without numbers, and deltas of one text as one.
    private static func joined(_ events: [JSONValue]) -> [JSONValue] {
        var joined: [JSONObject] = []
        for event in events {
            var members = event.object ?? [:]
            members["sequence_number"] = nil
            if let last = joined.last, last["type"] == members["type"], last["item_id"] == members["item_id"],
                let text = last["delta"]?.string, let more = members["delta"]?.string
            {
                joined[joined.count - 1]["delta"] = .string(text + more)
            } else {
                joined.append(members)
            }
        }
        return joined.map { .object($0) }
    }

    /// Where two values differ; members that only ours has begin with a plus.
    private static func differences(
        _ ours: JSONValue?,
        _ theirs: JSONValue,
        at path: String
    ) -> [(path: String, values: String)] {
        switch (ours, theirs) {
        case (.object(let ours)?, .object(let theirs)):
            // How many tokens there are depends on the prompt.
            let names = Set(theirs.map(\.name)).subtracting(["usage"])
            let extra = Set(ours.map(\.name)).subtracting(theirs.map(\.name))
            let place = { (name: String) in path.isEmpty ? name : "\(path).\(name)" }
            return names.flatMap { name in
                // An item is the same thing in an event of its own and in the whole output.
                differences(
                    ours[name],
                    theirs[name] ?? .null,
                    at: name == "output" && path == "response" ? "item" : place(name)
                )
            } + extra.map { ("+\(place($0))", "\(ours[$0] ?? .null)") }
        case (.array(let ours)?, .array(let theirs)) where ours.count == theirs.count:
            return zip(ours, theirs).flatMap { differences($0, $1, at: path) }
        case (.integer?, .integer) where path.hasSuffix("_at"): return []
        case (.string(let ours)?, .string(let theirs)) where id(ours) != nil && id(ours) == id(theirs): return []
        default: return ours == theirs ? [] : [(path, "\(ours ?? .null), and was \(theirs)")]
        }
    }

    /// What an id is of; nil for what is no id.
    private static func id(_ text: String) -> Substring? {
        guard let underscore = text.firstIndex(of: "_") else { return nil }
        let isID = text[underscore...].dropFirst().allSatisfy(\.isHexDigit)
        return isID ? text[..<underscore] : nil
    }
}
