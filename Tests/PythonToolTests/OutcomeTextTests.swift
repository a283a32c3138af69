import PythonProtocol
import Sandbox
import SandboxProtocol
import Sessions
import TestSupport
import Testing

@testable import PythonTool

/// The sentences that models read: each says what happened, what is lost, and what to do.
@Suite(.bounded) struct OutcomeTextTests {
    private let text = OutcomeText(timeLimit: .seconds(120), memoryBytes: 1 << 30)

    @Test(arguments: [Outcome.End.completed, .raised], [StopReason.timeLimit, .outputLimit, .request])
    func `a cell that was interrupted keeps its variables`(end: Outcome.End, stop: StopReason) throws {
        let remark = try #require(self.remark(end, stop: stop))
        #expect(remark.hasSuffix("The cell was interrupted; variables and files are kept."))
    }

    @Test func `the time limit is named in seconds`() throws {
        #expect(
            try #require(self.remark(.completed, stop: .timeLimit)).hasPrefix("Time limit: the cell ran for 120 s,")
        )
    }

    @Test(arguments: [StopReason.timeLimit, .outputLimit, .request])
    func `a cell that had to be killed loses its variables`(stop: StopReason) throws {
        let remark = try #require(self.remark(.died(.signaled(9)), stop: stop))
        #expect(remark.contains("could not be interrupted, so Python was restarted"))
        #expect(remark.hasSuffix("all variables and imports are gone, files in /mnt/data are kept."))
        #expect(!remark.contains("signal"))
    }

    @Test(arguments: [
        (Outcome.Death.exited(3), "Python exited with status 3."), (.signaled(9), "Python was killed (signal 9)."),
        (.signaled(11), "Python crashed (signal 11, segmentation fault)"),
        (.signaled(6), "Python crashed (signal 6, abort)"), (.signaled(7), "Python crashed (signal 7, bus error)"),
        (.signaled(15), "Python was ended by signal 15."), (.outOfMemory, "a session has 1024 MiB. Work on less"),
        (.brokeProtocol, "The cell broke the connection"),
    ])
    func `what Python died of is named, now and before the next cell`(death: Outcome.Death, words: String) throws {
        let remark = try #require(self.remark(.died(death), stop: nil))
        #expect(remark.contains(words))
        #expect(remark.hasSuffix("all variables and imports are gone, files in /mnt/data are kept."))
        let loss = text.remark(on: .died(death))
        #expect(loss.hasPrefix("Since the last cell, Python ended: "))
        #expect(loss.contains(words))
    }

    @Test func `only a cell that ended well and shows nothing needs advice`() throws {
        #expect(
            try #require(self.remark(.completed, stop: nil, isOutputEmpty: true)).hasPrefix("no output: end the cell")
        )
        #expect(remark(.completed, stop: nil) == nil)
        #expect(remark(.raised, stop: nil, isOutputEmpty: true) == nil)
    }

    @Test(arguments: [SessionLoss.lost, .expired, .madeRoom])
    func `a session that began again says that its files are gone too`(loss: SessionLoss) {
        #expect(text.remark(on: .session(loss)).contains("variables, imports and files of earlier cells are gone"))
    }

    private func remark(_ end: Outcome.End, stop: StopReason?, isOutputEmpty: Bool = false) -> String? {
        text.remark(on: Outcome(end: end, stop: stop, microseconds: 1), isOutputEmpty: isOutputEmpty)
    }
}
