import Harmony
import MCP
import ToolLoop

/// Runs the calls of one turn, and gives the tokens of the answers.
func answer(_ calls: [Message], with tools: [any ToolNamespace], renderer: Renderer) async throws -> [UInt32] {
    let directory = ToolDirectory(of: tools)
    let exchange = HarmonyExchange(
        try calls.map { try HarmonyCall($0, among: directory, isLenient: true) },
        session: SessionKey(id: "example", endsWithConnection: false),
        renderer: renderer
    )
    let (answers, answering) = AsyncStream<HarmonyAnswer>.makeStream()
    await exchange.run { event in
        if case .finished(let answer) = event { answering.yield(answer) }
    }
    answering.finish()
    for await answer in answers { return answer.messages.flatMap(\.rendered.ids) }
    return []
}
