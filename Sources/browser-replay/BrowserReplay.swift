import Foundation
import Tokenizer

/// Holds recorded sessions of the reference again, and says of each whether anything differs.
///
///     browser-replay FOLDER VOCABULARY [NAME…]
///
/// FOLDER holds the goldens, VOCABULARY is the file that the tokenizer made; NAME… are those scenarios to replay. The
/// status is 0 if all that are stable pass, 1 if one does not, 2 if nothing could be replayed.
@main
struct BrowserReplay {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            print("usage: browser-replay FOLDER VOCABULARY [NAME…]")
            exit(2)
        }
        do {
            exit(try await replay(URL(filePath: arguments[1]), vocabulary: arguments[2], Set(arguments.dropFirst(3))))
        } catch {
            print("browser-replay: \(error)")
            exit(2)
        }
    }

    private static func replay(_ folder: URL, vocabulary: String, _ names: Set<String>) async throws -> Int32 {
        let encoding = Encoding(try Vocabulary(vocabulary))
        var (passed, failed, unstable, calls) = (0, 0, 0, 0)
        for scenario in try GoldenScenario.all(in: folder) where names.isEmpty || names.contains(scenario.id) {
            var replay = Replay(scenario, in: folder, encoding: encoding)
            try await replay.run()
            let isPassed = replay.differences.isEmpty
            passed += isPassed ? 1 : 0
            calls += isPassed ? scenario.calls.count : 0
            failed += !isPassed && scenario.isStable ? 1 : 0
            unstable += !isPassed && !scenario.isStable ? 1 : 0
            print(isPassed ? "pass" : scenario.isStable ? "FAIL" : "differs (unstable)", scenario.id)
            for difference in replay.differences.prefix(names.isEmpty ? 3 : 50) { print("  ", difference) }
        }
        print("scenarios: \(passed) pass with \(calls) calls, \(failed) fail, \(unstable) unstable differ")
        return passed + failed + unstable == 0 ? 2 : failed == 0 ? 0 : 1
    }
}
