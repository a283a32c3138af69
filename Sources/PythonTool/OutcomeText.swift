internal import PythonProtocol
internal import Sandbox
internal import SandboxProtocol
internal import Sessions

/// The sentences that tell a model how its cell ended and what it can do next.
struct OutcomeText {
    let timeLimit: Duration
    let memoryBytes: UInt64

    /// What to add to the output of a cell that ended like this, nil if the output says it all.
    func remark(on outcome: Outcome, isOutputEmpty: Bool) -> String? {
        switch (outcome.stop, outcome.end) {
        case (.some(let stop), .completed), (.some(let stop), .raised):
            "\(reason(stop)) The cell was interrupted; variables and files are kept."
        case (.some(let stop), .died):
            "\(reason(stop)) The cell could not be interrupted, so Python was restarted: all variables and imports "
                + "are gone, files in /mnt/data are kept."
        case (nil, .died(let death)):
            "\(cause(death)) Python was restarted: all variables and imports are gone, files in /mnt/data are kept."
        case (nil, .completed) where isOutputEmpty:
            "no output: end the cell with an expression, or call print(), to see a value"
        case (nil, .completed), (nil, .raised): nil
        }
    }

    /// What to say before the output of a cell that began with fresh variables.
    func remark(on loss: StateLoss) -> String {
        switch loss {
        case .died(let death):
            "Since the last cell, Python ended: \(cause(death)) Variables and imports of earlier cells are gone, files "
                + "in /mnt/data are kept."
        case .session(.lost):
            "The sandbox was restarted: variables, imports and files of earlier cells are gone."
        case .session(.expired):
            "The session was closed after a long time without use: variables, imports and files of earlier cells are gone."
        case .session(.madeRoom):
            "The session was idle and was closed to make room for another: variables, imports and files of earlier cells "
                + "are gone."
        }
    }

    /// The signals of a program that goes wrong, beside the segmentation fault.
    private static let crashes: [UInt8: String] = [
        4: "illegal instruction", 5: "trap", 6: "abort", 7: "bus error", 8: "arithmetic fault",
    ]

    private func reason(_ stop: StopReason) -> String {
        switch stop {
        case .timeLimit: "Time limit: the cell ran for \(timeLimit.components.seconds) s, the most a call may take."
        case .outputLimit: "Output limit: the cell wrote far more than can be shown."
        case .request: "Interrupted: the call was cancelled."
        }
    }

    private func cause(_ death: Outcome.Death) -> String {
        switch death {
        case .exited(let status): "Python exited with status \(status)."
        case .outOfMemory:
            "Python was killed for using too much memory: a session has \(memoryBytes >> 20) MiB. Work on less at a time."
        case .signaled(9): "Python was killed (signal 9)."
        case .signaled(11):
            "Python crashed (signal 11, segmentation fault): a library went wrong, or recursion went too deep."
        case .signaled(let signal):
            switch OutcomeText.crashes[signal] {
            case .some(let name): "Python crashed (signal \(signal), \(name)): a library went wrong, or ended it."
            case nil: "Python was ended by signal \(signal)."
            }
        case .backgroundLimit: "What an earlier cell had left running used too much processor time."
        case .brokeProtocol: "The cell broke the connection that its results go through."
        }
    }
}
