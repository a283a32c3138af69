public import JSON
internal import Tokenizer

/// An inference engine that takes the ids of a prompt and streams the ids that the model samples.
///
/// Ids go both ways, never text: an engine that tokenizes rendered text takes a tool's `<|end|>` for a control token.
public protocol Engine: Sendable {
    /// The name of the model, as clients ask for it.
    var model: String { get }
    /// How long a prompt and what follows it may be together, in tokens; nil where the engine does not say.
    var contextTokensMax: Int? { get async }
    /// Whether what is sampled follows ``SamplingRequest/guide``.
    var isGuidable: Bool { get }

    /// Samples until the model stops, a limit is reached, or the task is cancelled, which ends the work in the engine.
    ///
    /// - Parameter onIDs: Takes what was sampled, in order, the id that ended it included. The engine's answer is read no
    ///   faster than this takes it.
    /// - Throws: ``EngineError``, `CancellationError`, and what `onIDs` throws.
    func sample(
        _ request: SamplingRequest,
        onIDs: ([UInt32]) async throws -> Void
    ) async throws -> SamplingEnd
}

/// What an engine is asked to sample.
public struct SamplingRequest: Sendable, Equatable {
    /// The ids of the prompt.
    public var prompt: [UInt32]
    /// How many ids may be sampled; at least 1.
    public var tokensMax: Int
    /// How much chance there is, 0 to 2; nil for the engine's default.
    public var temperature: Double?
    /// How much of the likeliest ids counts, 0 to 1; nil for the engine's default.
    public var topP: Double?
    /// What the text has to be, as `response_format` of OpenAI's API says it: `json_object`, or `json_schema` with a schema;
    /// nil for any text. It holds from the first id on.
    public var guide: JSONValue?

    /// Asks for a continuation of `prompt`.
    public init(prompt: [UInt32], tokensMax: Int) {
        precondition(tokensMax > 0, "sampling \(tokensMax) ids")
        self.prompt = prompt
        self.tokensMax = tokensMax
    }
}

/// How sampling ended.
public struct SamplingEnd: Sendable, Equatable {
    /// Why no more ids came.
    public enum Reason: Sendable, Equatable {
        /// The model ended its turn.
        case stop
        /// As many ids as there may be were sampled.
        case length
    }

    /// Why no more ids came.
    public var reason: Reason
    /// How many ids of the prompt the engine found in its prefix cache; nil where it does not say.
    public var cachedCount: Int?

    /// An end.
    public init(_ reason: Reason, cachedCount: Int? = nil) {
        self.reason = reason
        self.cachedCount = cachedCount
    }
}

/// Why an engine did not do what it was asked to.
public struct EngineError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What a caller can act on.
    public enum Code: String, Sendable {
        /// Nothing answers at its address.
        case unreachable = "engine_unreachable"
        /// It refused the request.
        case refused = "engine_refused"
        /// Its answer broke off, or is not what such an engine answers.
        case broken = "engine_broken"
    }

    /// What went wrong.
    public let code: Code
    /// The sentence for the client.
    public let description: String

    /// An error with a sentence that says what to do next.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

/// The ids after which an engine stops: `<|return|>` and `<|call|>` (library, `stop_tokens_for_assistant_actions`).
let stopIDs = [SpecialToken.return.id, SpecialToken.call.id]
