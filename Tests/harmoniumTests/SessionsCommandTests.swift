import TestSupport
import Testing

@testable import harmonium

@Suite(.bounded) struct SessionsCommandTests {
    @Test(arguments: [(0, "0s"), (59, "59s"), (60, "1m0s"), (3599, "59m59s"), (3725, "1h2m"), (360_000, "100h0m")])
    func `a duration has two units at most`(seconds: Int, text: String) {
        #expect(SessionsCommand.duration(seconds) == text)
    }

    @Test func `columns are as wide as their widest text, and no line ends with spaces`() {
        let rows = [["SESSION", "AGE", "TOOLS"], ["ünï", "100h0m", ""], ["a long name", "", "python"]]
        let lines = Terminal.columns(rows)
        #expect(lines == ["SESSION      AGE     TOOLS", "ünï          100h0m", "a long name          python"])
    }
}
