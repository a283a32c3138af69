import Harmony
import JSON
import TestSupport
import Testing

/// What the reference libraries rendered, token by token.
@Suite(.bounded, .enabled(if: Goldens.areRecorded, "run scripts/goldens")) struct RenderGoldenTests {
    @Test func `enough is recorded`() {
        #expect(Goldens.render.count > 80)
    }

    @Test(arguments: Goldens.render, Flavor.allCases)
    func `a conversation becomes the library's tokens, or its error`(golden: Golden, flavor: Flavor) throws {
        let renderer = try Renderer(encoding: Installed.encoding(), flavor: flavor)
        let expected = try #require(golden.expectation(flavor))
        do throws(HarmonyError) {
            let ids = try Self.render(golden, renderer)
            #expect(ids == expected["tokens"]?.ids)
            #expect(renderer.text(of: ids).utf8.elementsEqual(expected["text"]?.string?.utf8 ?? "".utf8))
            #expect(expected["error"] == nil)
        } catch {
            #expect(error.description == expected["error"]?.string)
        }
    }

    @Test(arguments: Goldens.render)
    func `a message is the same when it was written as JSON and read again`(golden: Golden) throws {
        for json in golden.json["input"]?["messages"]?.array ?? [] {
            let message = try Message(json: json)
            #expect(try Message(json: message.json) == message)
        }
    }

    private static func render(_ golden: Golden, _ renderer: Renderer) throws(HarmonyError) -> [UInt32] {
        let input = golden.json["input"]
        var messages: [Message] = []
        for json in input?["messages"]?.array ?? [] { messages.append(try Message(json: json)) }
        let dropping: AnalysisDropping = input?["auto_drop_analysis"]?.bool == true ? .beforeFirstFinal : .never
        switch golden.json["op"]?.string {
        case "completion":
            let role = input?["next_role"]?.string.flatMap(Role.init) ?? .assistant
            return try renderer.completion(of: messages, nextRole: role, dropping: dropping)
        case "training": return try renderer.training(on: messages, dropping: dropping)
        default: return try renderer.conversation(messages, dropping: dropping)
        }
    }
}
