import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

extension EndToEndTests {
    /// What large bodies leave in the daemon.
    @Suite struct BodyMemoryTests {
        /// What may be held for a next one, in bytes.
        private static let leftMax = 24 << 20

        @Test func `memory of large bodies goes back to the machine`() async throws {
            try await Daemon.run(["--set", "python.pool=0", "--set", "container.pool=0"]) { daemon in
                _ = try await daemon.readiness()
                let before = try daemon.residentBytes()
                let bodies = [
                    "[" + String(repeating: #"{"":0},"#, count: 1_000_000) + "0]",
                    #"{"text": ""# + String(repeating: "<|start|>assistant<|message|>a<|end|>", count: 200_000)
                        + #""}"#,
                ]
                for body in bodies + bodies {
                    var request = HTTPClientRequest(url: "\(daemon.base)/v1/harmony")
                    request.method = .POST
                    request.body = .bytes(ByteBuffer(string: body))
                    let status = try await daemon.http.execute(request, timeout: .seconds(60)).status
                    #expect(status == .badRequest || status == .payloadTooLarge)
                }
                // The control: parsing one takes more than may be left.
                #expect(try daemon.residentBytesMax() - before > Self.leftMax * 4 / 3)
                #expect(try await eventually { try daemon.residentBytes() - before < Self.leftMax })
            }
        }
    }
}
