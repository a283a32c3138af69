internal import JSON
internal import MCP

/// One call's output on its way to the model.
actor ExecOutput {
    private let output: @Sendable (ToolOutput) async -> Void
    private var transcript: ExecTranscript

    init(_ settings: ContainerSettings, output: @escaping @Sendable (ToolOutput) async -> Void) {
        transcript = ExecTranscript(settings)
        self.output = output
    }

    /// Takes what a command without a terminal wrote.
    func handle(_ event: MachineEvent) async {
        switch event {
        case .loss(let loss): await note("[\(ExecText.sentence(for: loss))]\n")
        case .output(let bytes): await show(transcript.append(bytes))
        case .dropped(let count): await note("[\(count) bytes that were written before are gone]\n")
        }
    }

    /// Takes what a terminal shows.
    func showText(_ text: String) async { await show(transcript.append(Array(text.utf8))) }

    /// The result of a command without a terminal.
    func finish(_ end: ExecEnd, remark: String?, timeLimit: Duration) async -> ToolResult {
        let isTruncated = await finishTranscript(keptIn: end.keptOutput)
        switch end.stop {
        case .timeLimit:
            await note("\nCommand failed because it timed out.")
            await note("[its time limit was \(timeLimit.milliseconds) ms]")
        case .outputLimit:
            await note("exit code: \(end.exitCode)")
            await note("[\(ExecText.outputLimit)]")
        case nil where end.exitCode != 0:
            await note("exit code: \(end.exitCode)")
            if let cause = ExecText.sentence(for: end.cause) { await note("[\(cause)]") }
        case nil: break
        }
        if let remark { await note("[\(remark)]") }
        if transcript.text.isEmpty { await note("[no output]") }
        let run: JSONValue = [
            "exit_code": .integer(end.exitCode), "timed_out": .bool(end.stop == .timeLimit),
            "durationMilliseconds": .number(Double(end.duration.microseconds) / 1000),
            "bytes": .integer(transcript.byteCount), "truncated": .bool(isTruncated),
            "timeout_ms_used": .integer(timeLimit.milliseconds),
        ]
        return ToolResult(content: [.text(transcript.text)], meta: ["dev.harmonium/run": run])
    }

    /// The result of a call that used a terminal, which ended as `end` says, or goes on.
    func finish(terminal end: ExecEnd?) async -> ToolResult {
        let isTruncated = await finishTranscript(keptIn: nil)
        if let end { await note("[session ended, exit code \(end.exitCode)]") }
        if transcript.text.isEmpty { await note("[no output yet]") }
        var run: JSONObject = ["bytes": .integer(transcript.byteCount), "truncated": .bool(isTruncated)]
        run["exit_code"] = end.map { .integer($0.exitCode) }
        return ToolResult(content: [.text(transcript.text)], meta: ["dev.harmonium/run": .object(run)])
    }

    /// The result of a call that was not carried out to its end.
    func fail(_ error: MachineError, terminal: String? = nil) async -> ToolResult {
        _ = await finishTranscript(keptIn: nil)
        await note(ExecText.sentence(for: error.code, terminal: terminal))
        return ToolResult(text: transcript.text, isError: true)
    }

    private func finishTranscript(keptIn file: String?) async -> Bool {
        let (delta, isTruncated) = transcript.finish(keptIn: file)
        await show(delta)
        return isTruncated
    }

    private func note(_ remark: String) async { await show(transcript.note(remark)) }

    private func show(_ delta: String) async {
        if !delta.isEmpty { await output(ToolOutput(text: delta)) }
    }
}

extension Duration {
    fileprivate var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
