import Foundation
import JSON
import MCP
import Testing

extension EndToEndTests {
    @Suite(.daemon()) struct StreamingTests {
        private let daemon: Daemon
        private let session = "test-\(UUID())"

        init() throws { daemon = try #require(Daemon.shared) }

        @Test(arguments: Transport.allCases)
        func `deltas come while the cell runs, and together are the final text`(transport: Transport) async throws {
            let code = """
                import sys, time
                for i in range(5):
                    print('tick', i, 'ünï', flush=True)
                    print('error', i, file=sys.stderr, flush=True)
                    time.sleep(0.1)
                'last'
                """
            let call = Call(code: code, session: session, progressToken: "token", isDetailed: true)
            let answer = try await daemon.call(call, over: transport)
            let deltas = answer.progress.compactMap { $0["message"]?.string }
            #expect(deltas.count >= 5)
            #expect(deltas.joined() == answer.text)
            #expect(answer.text.hasPrefix("tick 0 ünï\nerror 0\ntick 1"))
            #expect(answer.text.hasSuffix("'last'"))
            #expect(answer.progress.allSatisfy { $0["progressToken"] == "token" })
            let numbers = answer.progress.compactMap { $0["progress"]?.number }
            #expect(numbers.count == deltas.count && zip(numbers, numbers.dropFirst()).allSatisfy(<))
            let details = answer.progress.compactMap { $0["_meta"]?["dev.harmonium/output"] }
            #expect(details.compactMap { $0["text"]?.string } == deltas)
            #expect(details.compactMap { $0["seq"]?.number } == numbers)
            #expect(answer.result["_meta"]?["dev.harmonium/output"]?["exact"] == true)
        }

        @Test func `a client that does not ask gets no progress`() async throws {
            let answer = try await daemon.call("print(1, flush=True); print(2, flush=True)", in: session, over: .legacy)
            #expect(answer.progress.isEmpty)
            #expect(answer.text == "1\n2")
        }

        @Test func `deltas are the final text where its middle is left out`() async throws {
            let call = Call(code: "for i in range(30000): print(i)", session: session, progressToken: 7)
            let answer = try await daemon.call(call, over: .legacy)
            #expect(answer.text.contains("bytes left out"))
            #expect(answer.text.hasPrefix("0\n1\n2") && answer.text.hasSuffix("29998\n29999"))
            #expect(answer.progress.compactMap { $0["message"]?.string }.joined() == answer.text)
        }

        @Test(arguments: Transport.allCases)
        func `a figure is an image after the text`(transport: Transport) async throws {
            let code = "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()\nprint('drawn')"
            let answer = try await daemon.call(code, in: session, over: transport)
            #expect(!answer.isError)
            #expect(answer.types == ["text", "image"])
            #expect(answer.text.contains("drawn"))
            let image = try #require(answer.result["content"]?.array?.last)
            #expect(image["mimeType"] == "image/png")
            let bytes = Data(base64Encoded: image["data"]?.string ?? "") ?? Data()
            #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        }

        @Test func `a ping and a list are answered while a cell runs`() async throws {
            var connection = try await LegacyConnection(daemon, session: session)
            try await connection.post(Call.hanging(in: session).message(over: .legacy))
            _ = try await connection.events.message()
            for (id, method) in [(10, "ping"), (11, "tools/list")] {
                try await connection.post(["jsonrpc": "2.0", "id": .integer(id), "method": .string(method)])
                let answer = try await connection.events.message()
                #expect(answer["id"] == .integer(id) && answer["result"] != nil)
            }
            _ = try await daemon.call(.cleanUp(session))
        }
    }
}
