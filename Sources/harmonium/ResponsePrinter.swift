internal import Foundation
internal import Glibc
internal import JSON

/// Shows the events of a response at a terminal: what the model thinks, its calls, what tools write, and the answer, apart.
struct ResponsePrinter {
    /// What is being shown.
    private enum Part: Equatable {
        case reasoning
        case call
        case output
        case answer
    }

    /// Whether only the answer is shown.
    private let isBrief: Bool
    private let hasColors: Bool
    private var part: Part?
    private var endsLine = true

    /// - Parameter isBrief: Whether only the answer is shown, on standard output.
    init(isBrief: Bool) {
        self.isBrief = isBrief
        let environment = ProcessInfo.processInfo.environment
        hasColors = isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
    }

    /// Shows an event.
    mutating func show(_ event: JSONValue) {
        let delta = event["delta"]?.string ?? ""
        switch event["type"]?.string {
        case "response.reasoning_text.delta": show(delta, as: .reasoning)
        case "response.mcp_call_arguments.delta", "response.function_call_arguments.delta",
            "response.code_interpreter_call_code.delta", "response.shell_call_command.delta":
            show(delta, as: .call)
        case "harmonium:tool_output.delta": show(delta, as: .output)
        case "response.shell_call_output_content.delta": show(event["delta"]?["stdout"]?.string ?? "", as: .output)
        case "response.output_text.delta": show(delta, as: .answer)
        case "response.output_item.added": begin(event["item"] ?? [:])
        default: break
        }
    }

    /// Ends what is shown with a line of its own.
    mutating func end() {
        if !endsLine { Terminal.write("\n") }
        endsLine = true
        part = nil
    }

    private mutating func begin(_ item: JSONValue) {
        guard let type = item["type"]?.string, type.hasSuffix("_call") else { return }
        show("\(item["name"]?.string ?? String(type.dropLast("_call".count)).replacing("_", with: " ")): ", as: .call)
    }

    private mutating func show(_ text: String, as part: Part) {
        guard !text.isEmpty, !isBrief || part == .answer else { return }
        if part != self.part {
            if !endsLine { Terminal.write("\n") }
            if !isBrief, !hasColors { Terminal.write("\(Self.name(of: part)): ") }
            self.part = part
        }
        // The sequences are ours; what stands between them is shown without those of others.
        if hasColors { print(Self.color(of: part), terminator: "") }
        fflush(nil)
        Terminal.write(text)
        if hasColors { print("\u{1B}[0m", terminator: "") }
        fflush(nil)
        endsLine = text.hasSuffix("\n")
    }

    private static func name(of part: Part) -> String {
        switch part {
        case .reasoning: "reasoning"
        case .call: "call"
        case .output: "output"
        case .answer: "answer"
        }
    }

    private static func color(of part: Part) -> String {
        switch part {
        case .reasoning: "\u{1B}[2m"
        case .call: "\u{1B}[36m"
        case .output: "\u{1B}[33m"
        case .answer: "\u{1B}[1m"
        }
    }
}
