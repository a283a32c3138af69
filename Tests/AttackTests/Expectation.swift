import PythonProtocol
import SandboxProtocol

/// What is safe for an attack to come to.
struct Expectation: Sendable {
    /// How a run may end.
    enum Ending: Equatable, Sendable {
        case completed
        case raised
        case exited(UInt8)
        case signaled(UInt8)
        case outOfMemory
        case brokeProtocol
        /// By the supervisor, at the time limit: interrupted, or killed after the grace.
        case timeLimit
        /// By the supervisor, for writing too much.
        case outputLimit
    }

    let endings: [Ending]
    /// Regular expressions that the output has.
    let has: [String]
    /// Regular expressions that the output does not have.
    let lacks: [String]
    /// How long the cell may run, in milliseconds.
    let limitMilliseconds: UInt32
    /// What is found in the output of the cell that follows in the same session.
    let then: String

    /// Marks in the output that no attack may ever bring out.
    static let neverSeen = ["HOLE", "ESCAPE", "INJECTED", Host.canary]
    /// Asked in the same session after each attack, which shows that it still works.
    ///
    /// In one piece: a thread that an earlier cell left may write before and after.
    static let probe = (source: #"print("\n42\n", end="")"#, answer: "^42$")

    init(
        _ endings: Ending...,
        has: [String] = [],
        lacks: [String] = [],
        limitMilliseconds: UInt32 = 10_000,
        then: String = Expectation.probe.answer
    ) {
        self.init(endings: endings, has: has, lacks: lacks, limitMilliseconds: limitMilliseconds, then: then)
    }

    init(endings: [Ending], has: [String], lacks: [String], limitMilliseconds: UInt32, then: String) {
        self.endings = endings
        self.has = has
        self.lacks = lacks
        self.limitMilliseconds = limitMilliseconds
        self.then = then
    }

    /// What is unsafe in what was seen of an attack; nothing if it was warded off.
    func problems(with seen: Observation) -> [String] {
        var problems: [String] = []
        if !endings.contains(where: { $0.matches(seen.outcome) }) { problems.append("it ended: \(seen.summary)") }
        let text = seen.text
        problems += has.filter { !found($0, in: text) }.map { "the output has no \($0)" }
        problems += (lacks + Expectation.neverSeen).filter { found($0, in: text) }.map { "the output has \($0)" }
        // The grace, and what a busy machine needs.
        let latest = Duration.milliseconds(Int64(limitMilliseconds)) + .seconds(8)
        if seen.duration > latest { problems.append("it took \(seen.duration)") }
        return problems
    }

    /// What is wrong with the session after an attack.
    func problems(withNext seen: Observation) -> [String] {
        var problems: [String] = []
        if seen.outcome?.end != .completed { problems.append("the next cell ended: \(seen.summary)") }
        if !found(then, in: seen.text) { problems.append("the next cell wrote \(seen.text.prefix(200))") }
        return problems
    }
}

extension Expectation.Ending {
    fileprivate func matches(_ outcome: Outcome?) -> Bool {
        guard let outcome else { return false }
        return switch self {
        case .timeLimit: outcome.stop == .timeLimit
        case .outputLimit: outcome.stop == .outputLimit
        case .completed: outcome.end == .completed && outcome.stop == nil
        case .raised: outcome.end == .raised && outcome.stop == nil
        case .exited(let status): outcome.end == .died(.exited(status))
        case .signaled(let signal): outcome.end == .died(.signaled(signal)) && outcome.stop == nil
        case .outOfMemory: outcome.end == .died(.outOfMemory)
        case .brokeProtocol: outcome.end == .died(.brokeProtocol)
        }
    }
}

/// Whether a regular expression, in which `^` and `$` are a line's, matches somewhere in `text`.
func found(_ expression: String, in text: String) -> Bool {
    guard let pattern = try? Regex(expression).anchorsMatchLineEndings() else {
        preconditionFailure("no regular expression: \(expression)")
    }
    return text.contains(pattern)
}
