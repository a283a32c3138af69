import JSON
import MCP
import Testing

extension EndToEndTests {
    /// The faults of the python tool that were found in the field, on a daemon.
    @Suite struct PythonFieldTests {
        @Test(.timeLimit(.minutes(3)))
        func `cells of the field show what they should`() async throws {
            let cases = try FieldCase.all("python")
            #expect(cases.count >= 15)
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

        @Test(.enabled(if: FieldCase.areShared("python"), "no field/python.jsonl in HARMONIUM_SHARED"))
        func `each expectation is of a shared cell`() throws {
            let known = Set(try FieldCase.shared("python").map(\.id))
            for id in PythonField.expectations.keys { #expect(known.contains(id), "no such case: \(id)") }
        }
    }
}

/// What cells should show.
private enum PythonField {
    static func isRight(_ answer: Answer, for found: FieldCase) -> Bool {
        if let expectation = found.expectation ?? expectations[found.id] {
            return !answer.isError && expectation.holds(for: answer.text)
        }
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
