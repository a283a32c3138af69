import TestSupport
import Testing

@testable import Harmony

@Suite(.bounded) struct AnalysisDroppingTests {
    /// Messages by letters: t, c, f are the assistant's on analysis, commentary and final; u the user's, r a tool's on
    /// analysis, and F the user's on final.
    @Test(arguments: [
        ("", "", ""),
        ("ut", "ut", "ut"),
        ("utf", "uf", "uf"),
        ("utfu", "ufu", "ufu"),
        ("utrtf", "uf", "uf"),
        ("utfutfu", "ufutfu", "ufufu"),
        ("utfutr", "utfutr", "ufutr"),
        ("utfutc", "utfutc", "ufutc"),
        ("utfc", "utfc", "ufc"),
        ("tFtf", "Ftf", "Ff"),
        ("tF", "tF", "tF"),
        ("ftf", "ftf", "ff"),
    ])
    func `analysis is dropped by the chosen rule`(messages: String, beforeFirst: String, beforeLast: String) {
        let conversation = messages.map(Self.message)
        #expect(Self.letters(AnalysisDropping.never.remaining(of: conversation)) == messages)
        #expect(Self.letters(AnalysisDropping.beforeFirstFinal.remaining(of: conversation)) == beforeFirst)
        #expect(Self.letters(AnalysisDropping.beforeLastFinal.remaining(of: conversation)) == beforeLast)
    }

    private static func message(_ letter: Character) -> Message {
        let (role, channel): (Role, String?) =
            switch letter {
            case "t": (.assistant, "analysis")
            case "c": (.assistant, "commentary")
            case "f": (.assistant, "final")
            case "r": (.tool, "analysis")
            case "F": (.user, "final")
            default: (.user, nil)
            }
        return Message(role: role, channel: channel, text: String(letter))
    }

    private static func letters(_ messages: [Message]) -> String { messages.map(\.text).joined() }
}
