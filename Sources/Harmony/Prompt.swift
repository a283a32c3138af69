internal import Tokenizer

/// The ids of one conversation, which only ever grow, so that each prompt is a prefix of the next.
///
/// An engine keeps what it has computed for a prefix; a prompt that changes somewhere in the middle costs all that
/// follows. What is in ``ids`` counts as handed out. Whatever would change it is refused, and changes nothing.
///
/// A model ends its turn with `<|return|>`, and history says `<|end|>` there. So a sampled `<|return|>` is not handed
/// out: it is held back, and becomes `<|end|>` when something follows. No engine has computed it by then, for the last
/// sampled token of a run is never an input of that run.
///
/// Analysis is dropped from the history that a prompt begins with. Later it stays: leaving it out would change what was
/// handed out. Who wants it dropped after a turn begins another prompt; ``contradiction(in:)`` says how much of this one
/// that keeps.
public struct Prompt: Sendable {
    /// Where a prompt ends.
    public enum Stage: Sendable, Hashable {
        /// Between two messages.
        case boundary
        /// Inside a message that the model samples.
        case sampling
        /// Inside the content of a tool's message.
        case toolOutput
    }

    /// All ids so far.
    public private(set) var ids: [UInt32] = []
    /// Where the prompt ends.
    public private(set) var stage = Stage.boundary
    /// Whether the model ended its turn, and nothing has followed yet.
    public private(set) var isReturnHeldBack = false

    private let renderer: Renderer
    private var declaresFunctions: Bool
    /// Where the first message begins that says whether there are functions.
    private var mentionOffset: Int?
    private var isTurnOpen = false
    private var isInHeader = false
    private var outputStart = 0

    /// A prompt that begins with a history.
    ///
    /// - Throws: What `Renderer.render` throws.
    public init(
        renderer: Renderer,
        history: [Message],
        dropping: AnalysisDropping = .beforeFirstFinal
    ) throws(HarmonyError) {
        self.renderer = renderer
        declaresFunctions = history.contains(where: \.declaresFunctions)
        for message in dropping.remaining(of: history) { try append(message) }
    }

    /// Appends a message.
    ///
    /// - Throws: `outOfTurn` inside another message, `contradiction` for functions where an earlier message says
    ///   there are none, and what `Renderer.render` throws.
    public mutating func append(_ message: Message) throws(HarmonyError) {
        try expect(.boundary)
        if message.declaresFunctions, !declaresFunctions {
            if let mentionOffset { throw HarmonyError(.contradiction(offset: mentionOffset)) }
            declaresFunctions = true
        }
        let rendered = try renderer.render(message, declaringFunctions: declaresFunctions)
        endHeldBackMessage()
        if message.mentionsFunctions, mentionOffset == nil { mentionOffset = ids.count }
        ids += rendered.ids
    }

    /// The first id of another list that is not this prompt's; nil where that list continues this prompt.
    ///
    /// Of a list that is too short it is the list's end.
    public func contradiction(in other: [UInt32]) -> Int? {
        Self.firstDifference(of: ids[...], in: other[...])
    }

    private static func firstDifference(of known: ArraySlice<UInt32>, in other: ArraySlice<UInt32>) -> Int? {
        let common = zip(known, other).prefix { $0 == $1 }.count
        return common == known.count ? nil : common
    }

    private func expect(_ stage: Stage) throws(HarmonyError) {
        guard self.stage == stage else { throw HarmonyError(.outOfTurn(self.stage)) }
    }

    private mutating func endHeldBackMessage() {
        if isReturnHeldBack { ids.append(ControlToken.end) }
        isReturnHeldBack = false
        isTurnOpen = false
    }
}

// What the model samples.
extension Prompt {
    /// Appends `<|start|>assistant`, after which the model samples.
    ///
    /// - Throws: `outOfTurn` inside a message.
    public mutating func beginTurn() throws(HarmonyError) {
        try expect(.boundary)
        endHeldBackMessage()
        ids += renderer.start(of: .assistant)
        stage = .sampling
        isTurnOpen = true
        isInHeader = true
    }

    /// Appends a sampled id, the one that ended the run included.
    ///
    /// `<|call|>` ends the turn, and so do `<|return|>` and `<|endoftext|>`, which are held back; after `<|end|>` it may
    /// go on or be left. Another stop between messages is dropped.
    /// - Throws: `outOfTurn` where the model is not sampling.
    public mutating func appendSampled(_ id: UInt32) throws(HarmonyError) {
        guard isTurnOpen else { throw HarmonyError(.outOfTurn(stage)) }
        switch id {
        case ControlToken.return, ControlToken.endOfText:
            isReturnHeldBack = stage == .sampling
            isTurnOpen = false
            stage = .boundary
        case ControlToken.call, ControlToken.end:
            if stage == .sampling { ids.append(id) }
            isTurnOpen = id == ControlToken.end
            stage = .boundary
        default:
            if id == ControlToken.start { isInHeader = true }
            if id == ControlToken.message { isInHeader = false }
            ids.append(id)
            stage = .sampling
        }
    }

    /// Ends a turn whose sampling was cut, by a limit or by a person: what there is of a message is closed.
    ///
    /// - Throws: `outOfTurn` where the model is not sampling.
    public mutating func endTurn() throws(HarmonyError) {
        guard isTurnOpen else { throw HarmonyError(.outOfTurn(stage)) }
        if stage == .sampling {
            if isInHeader { ids.append(ControlToken.message) }
            ids.append(ControlToken.end)
        }
        isTurnOpen = false
        stage = .boundary
    }
}

// What a tool says.
extension Prompt {
    /// Appends the header of a tool's message, while the tool still runs.
    ///
    /// - Throws: `outOfTurn` inside a message.
    public mutating func beginToolMessage(_ reply: ToolReply) throws(HarmonyError) {
        try expect(.boundary)
        endHeldBackMessage()
        ids += renderer.header(of: reply)
        outputStart = ids.count
        stage = .toolOutput
    }

    /// How many ids of the tool's output there are; 0 where no tool's message is open.
    public var toolOutputCount: Int { stage == .toolOutput ? ids.count - outputStart : 0 }

    /// Appends ids of the tool's output; `offset` counts from the start of the output.
    ///
    /// What overlaps with ids that are there has to be equal, so saying something twice does no harm.
    /// - Throws: `contradiction` where it is not, `gap` where ids are missing in between, `controlTokenInContent` for
    ///   what is no id of text, and `outOfTurn` where no tool's message is open.
    public mutating func appendToolOutput(_ output: [UInt32], at offset: Int) throws(HarmonyError) {
        try expect(.toolOutput)
        guard offset >= 0, offset <= toolOutputCount else { throw HarmonyError(.gap(have: toolOutputCount)) }
        if let id = output.first(where: { $0 >= ControlToken.first }) { throw HarmonyError(.controlTokenInContent(id)) }
        let known = ids[(outputStart + offset)...].prefix(output.count)
        if let place = Self.firstDifference(of: known, in: output[...]) {
            throw HarmonyError(.contradiction(offset: outputStart + offset + place))
        }
        ids += output.dropFirst(known.count)
    }

    /// Ends the tool's message; with its whole text, what is missing of the output is appended first.
    ///
    /// - Throws: `contradiction` where the output so far is not how that text begins, and `outOfTurn` where no tool's
    ///   message is open.
    public mutating func endToolMessage(text: String? = nil) throws(HarmonyError) {
        try expect(.toolOutput)
        if let text {
            let output = renderer.encoding.encode(text)
            if let place = Self.firstDifference(of: ids[outputStart...], in: output[...]) {
                throw HarmonyError(.contradiction(offset: outputStart + place))
            }
            ids += output.dropFirst(toolOutputCount)
        }
        ids.append(ControlToken.end)
        stage = .boundary
    }
}
