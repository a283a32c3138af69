internal import Harmony
internal import JSON
public import Tokenizer

/// An engine that plays recorded turns of a model, for trying tools without one.
///
/// A recording has a script on each line, as JSON: `{"user": "Multiply", "turns": ["<|channel|>analysis…", [200005, 35644]]}`.
/// A turn is what the model sampled after `<|start|>assistant`, as text with control tokens or as ids. The first script
/// counts whose `user` is part of the last message of the user; one without `user` is for all. Which turn is due follows from
/// the prompt alone, from how often a tool has answered since that message. So any number of conversations can play at a time.
public struct ReplayEngine: Engine {
    /// One conversation's turns.
    private struct Script {
        let user: String?
        let turns: [[UInt32]]

        /// Reads a line; nil for one that is no script.
        init?(_ line: String, _ encoding: Encoding) {
            guard let json = try? JSONValue(parsing: line), let turns = json["turns"]?.array, !turns.isEmpty else {
                return nil
            }
            user = json["user"]?.string
            var read: [[UInt32]] = []
            for turn in turns {
                switch turn {
                case .string(let text): read.append(encoding.encodeWithSpecialTokens(text))
                case .array(let ids): read.append(ids.compactMap { $0.integer.flatMap(UInt32.init(exactly:)) })
                case .null, .bool, .integer, .unsigned, .number, .object: return nil
                }
            }
            self.turns = read
        }
    }

    /// The name under which the recording is served.
    public let model: String
    /// A recording has no limit.
    public var contextTokensMax: Int? { nil }
    /// A recording is what it is.
    public var isGuidable: Bool { false }
    private let scripts: [Script]
    private let encoding: Encoding

    /// Reads a recording.
    ///
    /// - Throws: ``EngineError`` that names the line which is no script.
    public init(model: String, recording: String, encoding: Encoding) throws(EngineError) {
        self.model = model
        self.encoding = encoding
        var scripts: [Script] = []
        for (number, line) in recording.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            guard let script = Script(String(line), encoding) else {
                throw EngineError(
                    .broken,
                    "line \(number + 1) of the recording is no script such as {\"user\": \"…\", \"turns\": [\"…\"]}"
                )
            }
            scripts.append(script)
        }
        guard !scripts.isEmpty else { throw EngineError(.broken, "the recording has no script") }
        self.scripts = scripts
    }

    /// Plays the turn that is due.
    ///
    /// - Throws: ``EngineError`` where the recording has none, `CancellationError`, and what `onIDs` throws.
    public func sample(
        _ request: SamplingRequest,
        onIDs: ([UInt32]) async throws -> Void
    ) async throws -> SamplingEnd {
        let place = Place(of: request.prompt, encoding)
        guard let script = scripts.first(where: { $0.user.map(place.user.contains) ?? true }) else {
            throw EngineError(.refused, "No script of the recording is for this message of the user.")
        }
        guard place.turn < script.turns.count else {
            throw EngineError(.refused, "The recording has \(script.turns.count) turns for this message, and no more.")
        }
        let ids = script.turns[place.turn]
        for id in ids.prefix(request.tokensMax) {
            try Task.checkCancellation()
            try await onIDs([id])
        }
        return SamplingEnd(ids.count > request.tokensMax ? .length : .stop)
    }
}

/// Where in a conversation a prompt ends.
private struct Place {
    /// The last message of the user.
    private(set) var user = ""
    /// How many turns of the model followed it.
    private(set) var turn = 0

    init(of prompt: [UInt32], _ encoding: Encoding) {
        var parser = LenientParser(encoding: encoding, role: nil)
        for id in prompt { _ = parser.process(id) }
        _ = parser.finish()
        var isAnswering = false
        for message in parser.messages.map(\.message) {
            switch message.role {
            case .user:
                user = message.text
                turn = 0
                isAnswering = false
            case .tool:
                // Several answers in a row are those to one turn.
                if !isAnswering { turn += 1 }
                isAnswering = true
            case .assistant, .system, .developer: isAnswering = false
            }
        }
    }
}
