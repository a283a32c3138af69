import JSON
import MCP
import Testing

extension EndToEndTests {
    /// The recorded faults of the python tool, on a daemon.
    @Suite(.enabled(if: FieldCase.areRecorded("python"), "no field/python.jsonl in HARMONIUM_SHARED"))
    struct PythonFieldTests {
        @Test(.timeLimit(.minutes(3)))
        func `cells of the field show what they should`() async throws {
            let cases = try FieldCase.all("python")
            let known = Set(cases.map(\.id))
            for id in PythonField.expectations.keys { #expect(known.contains(id), "no such case: \(id)") }
            try await Daemon.run { daemon in
                var report = FieldReport(title: "python.jsonl")
                for found in cases {
                    // What they were recorded in had imported it before.
                    _ = try await daemon.call("import pandas as pd", in: found.id)
                    let cell = found.record["input"]?.string ?? ""
                    let answer = try await daemon.call(cell, in: found.id)
                    report.add(found, PythonField.isRight(answer, for: found) ? .right : .wrong(answer.text))
                }
                report.show()
            }
        }
    }
}

/// What the recorded cells should show.
private enum PythonField {
    static func isRight(_ answer: Answer, for found: FieldCase) -> Bool {
        if let expectation = expectations[found.id] { return !answer.isError && expectation.holds(for: answer.text) }
        switch found.record["expected"]?.string {
        case "imports": return !answer.isError
        case let words? where words.hasPrefix("imports, or a sentence"):
            return !answer.isError || answer.text.contains("is not installed here. In its place there is: ")
        default: return false
        }
    }

    static let expectations: [String: BrowserField.Expectation] = [
        "file_nonascii": .init(shown: ["^'é'$"]),
        "tqdm": .init(shown: ["100%\\|█+\\| 3/3 "]),
        "excel": .init(shown: ["   Unnamed: 0  a\n0           0  1$"]),
        "styler": .init(shown: ["^ a\n0 1$"]),
        "bigint": .init(shown: ["^39802768403379665923[0-9]{5981}34892321663406309376$"]),
        "bigint_str": .init(shown: ["^119\n'10000'$"]),
        "plot": .init(shown: ["^\\[figure 1 saved to /mnt/data/figure-1.png\\]$"]),
        "pipinstall": .init(
            shown: ["\\[Nothing can be installed here. There are: numpy, .* setting.* python.network=egress"],
            absent: ["Retrying"]
        ),
    ]
}
