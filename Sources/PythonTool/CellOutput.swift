internal import JSON
internal import MCP
internal import PythonProtocol
internal import Sandbox

/// One call's output on its way to the model.
actor CellOutput {
    private let text: OutcomeText
    private let output: @Sendable (ToolOutput) async -> Void
    private var transcript: Transcript
    private var images: [Content] = []
    private var isInBackground = false

    init(_ budget: OutputBudget, text: OutcomeText, output: @escaping @Sendable (ToolOutput) async -> Void) {
        transcript = Transcript(budget)
        self.text = text
        self.output = output
    }

    func handle(_ event: RunEvent) async {
        switch event {
        case .stateLost(let loss): await show(transcript.note(text.remark(on: loss)))
        case .backgroundOutput(let bytes, let dropped): await showBackground(bytes, dropped: dropped)
        case .output(let bytes): await show(transcript.append(bytes))
        case .rich(let rich):
            if RasterImage.begins(rich.content, as: rich.mimeType) {
                images.append(.image(data: rich.content, mimeType: rich.mimeType))
            } else if rich.mimeType.hasPrefix("image/") {
                await show(transcript.note("a picture was left out: only PNG, JPEG, GIF and WebP can be shown"))
            }
        }
    }

    /// The result of a call that ran.
    func finish(_ outcome: Outcome) async -> ToolResult {
        let remark = text.remark(on: outcome, isOutputEmpty: transcript.isEmpty && images.isEmpty)
        if let remark { await show(transcript.note(remark)) }
        return await result(isError: outcome.stop != nil || outcome.end != .completed, about: outcome)
    }

    /// The result of a call that was not carried out to its end.
    func fail(_ sentence: String) async -> ToolResult {
        await show(transcript.note(sentence))
        return await result(isError: true, about: nil)
    }

    private func result(isError: Bool, about outcome: Outcome?) async -> ToolResult {
        await show(transcript.finish())
        if transcript.shown.isEmpty { await show(transcript.note("no visible output") + transcript.finish()) }
        return ToolResult(
            content: [.text(transcript.shown)] + images,
            isError: isError,
            meta: outcome.map { ["dev.harmonium/run": run($0)] } ?? [:]
        )
    }

    private func run(_ outcome: Outcome) -> JSONValue {
        [
            "durationMilliseconds": .number(Double(outcome.microseconds) / 1000),
            "stateKept": .bool(outcome.isStateKept), "truncated": .bool(transcript.isCut),
        ]
    }

    private func showBackground(_ bytes: [UInt8], dropped: UInt64) async {
        await show(transcript.note("output of earlier cells that went on\(dropped > 0 ? ", the end of it" : ""):"))
        await show(transcript.append(bytes))
        await show(transcript.note("output of this cell:"))
    }

    private func show(_ delta: ToolOutput) async {
        if !delta.text.isEmpty || delta.ids?.isEmpty == false { await output(delta) }
    }
}
