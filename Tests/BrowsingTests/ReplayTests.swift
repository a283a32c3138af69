import Foundation
import TestSupport
import Testing

@testable import browser_replay

/// Recorded sessions with the reference, held again: every text, every page, every cursor.
@Suite(
    .bounded,
    .enabled(if: Goldens.areThere, "HARMONIUM_SHARED, by default ../shared, lacks goldens/browser or vocab")
)
struct ReplayTests {
    /// Every session, whatever the sources of its pages have; otherwise those that are quick without optimization.
    private static let isComplete = ProcessInfo.processInfo.environment["HARMONIUM_REPLAY_ALL"] != nil

    @Test func `sessions go as they went`() async throws {
        let encoding = try Goldens.encoding()
        var count = 0
        for scenario in try GoldenScenario.all(in: Goldens.folder) where Self.isComplete || Self.isQuick(scenario) {
            var replay = Replay(scenario, in: Goldens.folder, encoding: encoding)
            try await replay.run()
            #expect(replay.differences.isEmpty, "\(scenario.id): \(replay.differences.joined(separator: "\n"))")
            count += 1
        }
        #expect(count > 50)
    }

    private static func isQuick(_ scenario: GoldenScenario) -> Bool {
        scenario.pages.values.reduce(0) { $0 + $1.scalarCount } < 50_000
    }

    /// The replay can fail: one letter that differs is told of.
    @Test func `a difference is told of`() async throws {
        let scenario = try #require(try GoldenScenario.all(in: Goldens.folder).first { $0.id == "h20_no_pages" })
        var text = try String(contentsOf: Goldens.folder.appending(path: "h20_no_pages.json"), encoding: .utf8)
        text = text.replacing("No pages to access!", with: "No pages to excess!", maxReplacements: 1)
        let altered = try GoldenScenario(parsing: Array(text.utf8))
        for (scenario, count) in [(scenario, 0), (altered, 1)] {
            var replay = Replay(scenario, in: Goldens.folder, encoding: try Goldens.encoding())
            try await replay.run()
            #expect(replay.differences.count == count)
        }
    }
}
