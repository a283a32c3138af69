internal import JSON

/// How many tokens a response took, turn by turn.
///
/// A turn is one request to the engine, whose prompt has all that came before. So the input is the sum over turns, of which
/// the engine found most in its cache.
struct Usage: Sendable, Equatable {
    private var input: [Int] = []
    private var cached: [Int] = []
    private var output: [Int] = []
    private var toolOutput: [Int] = []
    private var reasoning = 0

    /// How many tokens were sampled.
    var outputCount: Int { output.reduce(0, +) }

    /// Begins a turn with so many tokens in its prompt.
    mutating func beginTurn(promptCount: Int) {
        input.append(promptCount)
        cached.append(0)
        output.append(0)
        toolOutput.append(0)
    }

    /// Counts one sampled token.
    mutating func countSampled(isReasoning: Bool) {
        output[output.count - 1] += 1
        if isReasoning { reasoning += 1 }
    }

    /// Says how many tokens of the turn's prompt the engine had computed before.
    mutating func setCached(_ count: Int) { cached[cached.count - 1] = count }

    /// Counts a tool's message, as it is rendered, to the turn that called it.
    mutating func countToolMessage(_ count: Int) { toolOutput[toolOutput.count - 1] += count }

    /// What both took, one after the other.
    static func + (first: Usage, second: Usage) -> Usage {
        var sum = first
        sum.input += second.input
        sum.cached += second.cached
        sum.output += second.output
        sum.toolOutput += second.toolOutput
        sum.reasoning += second.reasoning
        return sum
    }

    /// As OpenAI reports it, with vLLM's lists by turn.
    var json: JSONValue {
        let list = { (counts: [Int]) in JSONValue.array(counts.map { .integer($0) }) }
        let inputCount = input.reduce(0, +)
        return [
            "input_tokens": .integer(inputCount),
            "input_tokens_details": [
                "cached_tokens": .integer(cached.reduce(0, +)), "cache_write_tokens": 0,
                "input_tokens_per_turn": list(input), "cached_tokens_per_turn": list(cached),
            ],
            "output_tokens": .integer(outputCount),
            "output_tokens_details": [
                "reasoning_tokens": .integer(reasoning),
                "tool_output_tokens": .integer(toolOutput.reduce(0, +)),
                "output_tokens_per_turn": list(output), "tool_output_tokens_per_turn": list(toolOutput),
            ],
            "total_tokens": .integer(inputCount + outputCount),
        ]
    }
}
