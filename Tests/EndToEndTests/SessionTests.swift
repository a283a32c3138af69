import AsyncHTTPClient
import Foundation
import JSON
import MCP
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    @Suite(.daemon()) struct SessionTests {
        private let daemon: Daemon
        private let session = "test-\(UUID())"
        private static let ids: [JSONValue] = [0, -1, 9_007_199_254_740_993, "", "0", "ünï \u{2028} \u{1F600}"]

        init() throws { daemon = try #require(Daemon.shared) }

        @Test(.enabled(if: Program.hasVocabulary, "run scripts/test, which installs a vocabulary"))
        func `a model's call in Harmony gets the tool's message`() async throws {
            let body = """
                {"message": {"role": "assistant", "channel": "analysis", "recipient": "python",
                             "content": "64548*15151\\n"}}
                """
            var request = HTTPClientRequest(url: "\(daemon.base)/v1/harmony")
            request.method = .POST
            request.body = .bytes(ByteBuffer(string: body))
            let response = try await daemon.http.execute(request, timeout: .seconds(30))
            let answer = try JSONValue(parsing: Array(try await response.body.collect(upTo: 1 << 20).readableBytesView))
            let message = try #require(answer["messages"]?.array?.first)
            #expect(
                message["text"]
                    == "<|start|>python to=assistant<|channel|>analysis<|message|>977966748<|end|>"
            )
        }

        @Test(arguments: Transport.allCases)
        func `state outlives the connection under one x-session-id`(transport: Transport) async throws {
            _ = try await daemon.call("kept = 6 * 7", in: session, over: transport)
            let answer = try await daemon.call("kept", in: session, over: transport)
            #expect(answer.text == "42")
            #expect(!answer.isError)
        }

        @Test func `a session is the same over every transport`() async throws {
            _ = try await daemon.call("seen = []", in: session)
            for transport in Transport.allCases {
                _ = try await daemon.call("seen.append('\(transport)')", in: session, over: transport)
            }
            #expect(try await daemon.call("*seen,", in: session).text == "('legacy', 'handshake', 'stateless')")
        }

        @Test func `two ids see neither variables nor files of each other`() async throws {
            _ = try await daemon.call("mine = 1; open('/mnt/data/mine', 'w').write('1')", in: session)
            let look = "import os; print('mine' in globals(), os.listdir('/mnt/data'), os.listdir('/tmp'))"
            _ = try await daemon.call("open('/tmp/mine', 'w').close()", in: session)
            #expect(try await daemon.call(look, in: session).text == "True ['mine'] ['mine']")
            #expect(try await daemon.call(look, in: session + "-other").text == "False [] []")
        }

        @Test func `without an id a legacy connection is a session of its own`() async throws {
            var connection = try await LegacyConnection(daemon, session: nil)
            try await connection.post(Call(code: "mine = 'here'").message(over: .legacy))
            _ = try await Answer(from: &connection.events)
            try await connection.post(Call(code: "mine", id: 2).message(over: .legacy))
            #expect(try await Answer(from: &connection.events).text == "'here'")
            #expect(try await daemon.call("mine", over: .legacy).text.contains("NameError"))
        }

        @Test func `fifty sessions at once keep their own state`() async throws {
            let sessions = (0..<50).map { "\(session)-\($0)" }
            for code in ["import time; mine = %; time.sleep(0.2)", "assert mine == %; print('own')"] {
                let texts = try await withThrowingTaskGroup(of: String.self) { group in
                    for (index, name) in sessions.enumerated() {
                        let code = code.replacing("%", with: "\(index)")
                        let transport = Transport.allCases[index % 3]
                        group.addTask { try await daemon.call(code, in: name, over: transport).text }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(texts.count == 50)
                if code.contains("print") { #expect(texts.allSatisfy { $0 == "own" }) }
            }
            for name in sessions { _ = try await daemon.call(.cleanUp(name)) }
        }

        @Test func `cleanup_session ends the state, and twice is no harm`() async throws {
            _ = try await daemon.call("mine = 1", in: session)
            for _ in 0..<2 {
                let answer = try await daemon.call(.cleanUp(session), over: .legacy)
                #expect(!answer.isError && !answer.text.isEmpty)
            }
            #expect(try await daemon.call("mine", in: session).text.contains("NameError"))
        }

        @Test func `cleanup_session does not wait for the cell that runs`() async throws {
            var running = try await daemon.begin(.hanging(in: session), over: .legacy)
            _ = try await running.message()
            let duration = try await ContinuousClock().measure {
                _ = try await daemon.call(.cleanUp(session), over: .legacy)
            }
            #expect(duration < .seconds(10))
            let answer = try await Answer(from: &running)
            #expect(answer.isError && answer.text.contains("ended"))
        }

        @Test(arguments: Transport.allCases, Self.ids)
        func `an id comes back as it was`(transport: Transport, id: JSONValue) async throws {
            let answer = try await daemon.call(Call(code: "1", session: session, id: id), over: transport)
            #expect(answer.id == id)
        }
    }
}

extension Call {
    static func cleanUp(_ session: String) -> Call { Call(code: "", session: session, tool: "cleanup_session") }

    /// A cell that does not end by itself, and says first that it has begun.
    static func hanging(in session: String?, waiting: String = "time.sleep(0.01)") -> Call {
        let code = """
            import time
            interrupted = False
            try:
                print('begun', flush=True)
                while True: \(waiting)
            except KeyboardInterrupt:
                interrupted = True
                raise
            """
        return Call(code: code, session: session, progressToken: "progress")
    }
}
