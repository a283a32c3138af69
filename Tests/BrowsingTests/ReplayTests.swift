import Foundation
import TestSupport
import Testing

@testable import browser_replay

/// Recorded sessions with the reference, repeated: every text, every page, every cursor.
@Suite(.bounded, .enabled(if: Goldens.areRecorded, "run scripts/goldens"))
struct ReplayTests {
    /// Every session, whatever the sources of its pages have; otherwise those that are quick without optimization.
    private static let isComplete = ProcessInfo.processInfo.environment["HARMONIUM_REPLAY_ALL"] != nil

    @Test(arguments: Goldens.folders("browser"))
    func `sessions go as they went`(folder: URL) async throws {
        var count = 0
        for scenario in try GoldenScenario.all(in: folder) where Self.isComplete || Self.isQuick(scenario) {
            var replay = Replay(scenario, in: folder, encoding: try Installed.encoding())
            try await replay.run()
            #expect(replay.differences.isEmpty, "\(scenario.id): \(replay.differences.joined(separator: "\n"))")
            count += 1
        }
        #expect(count > 50)
    }

    private static func isQuick(_ scenario: GoldenScenario) -> Bool {
        scenario.pages.values.reduce(0) { $0 + $1.scalarCount } < 50_000
    }

    /// The replay can fail: it reports one letter that differs.
    @Test func `a difference is reported`() async throws {
        let folder = try #require(Goldens.folders("browser").first)
        let scenario = try #require(try GoldenScenario.all(in: folder).first { $0.id == "session-nothing" })
        var text = try String(contentsOf: folder.appending(path: "session-nothing.json"), encoding: .utf8)
        text = text.replacing("No pages to access!", with: "No pages to excess!", maxReplacements: 1)
        let altered = try GoldenScenario(parsing: Array(text.utf8))
        for (scenario, count) in [(scenario, 0), (altered, 1)] {
            var replay = Replay(scenario, in: folder, encoding: try Installed.encoding())
            try await replay.run()
            #expect(replay.differences.count == count)
        }
    }
}
