import Foundation
import JSON
import MCP
import SystemPackage
import Testing

extension EndToEndTests {
    /// Output without end, clients that do not read, and clients that hang up.
    @Suite(.daemon("--set", "python.output-mib=4", "--set", "python.shown-tokens=100000"))
    struct FloodTests {
        private static let flood = "while True: print('x' * 1000)"
        private static let memoryBound = 96 << 20
        private let daemon: Daemon
        private let session = "test-\(UUID())"

        init() throws { daemon = try #require(Daemon.shared) }

        @Test func `a flood ends by the output limit, with a bounded answer in bounded memory`() async throws {
            let before = try daemon.residentBytes()
            let answer = try await daemon.call(
                Call(code: "kept = 1\n" + Self.flood, session: session, progressToken: 1)
            )
            #expect(answer.isError)
            #expect(answer.text.contains("Output limit"))
            #expect(answer.text.contains("bytes left out"))
            #expect((400_000...810_000).contains(answer.text.utf8.count))
            #expect(answer.progress.compactMap { $0["message"]?.string }.joined() == answer.text)
            #expect(try await daemon.call("kept", in: session).text == "1")
            #expect(try daemon.residentBytesMax() - before < Self.memoryBound)
        }

        @Test func `a client that does not read delays no other, and gets everything in the end`() async throws {
            let before = try daemon.residentBytes()
            let count = 14
            var connection = try await LegacyConnection(daemon, session: session)
            // More than the kernel keeps for a socket.
            for id in 1...count {
                let call = Call(code: Self.flood, session: session, id: .integer(id), progressToken: .integer(id))
                try await connection.post(call.message(over: .legacy))
            }
            for _ in 0..<20 {
                let other = try await within(.seconds(10)) { try await daemon.call("6 * 7", over: .legacy) }
                #expect(other.text == "42")
            }
            // The session's next turn: all its floods have ended, though no byte of them was read.
            let next = try await within(.seconds(60)) { try await daemon.call("'next'", in: session) }
            #expect(next.text == "'next'")
            // The control: the stream is stuck.
            #expect(try await eventually { try await daemon.unsentBytes() > 1 << 20 })
            #expect(try daemon.residentBytesMax() - before < Self.memoryBound)

            var ids: Set<Int> = []
            while ids.count < count {
                let answer = try await Answer(from: &connection.events)
                #expect(answer.text.contains("Output limit"))
                ids.insert(try #require(answer.id.integer))
            }
            #expect(ids == Set(1...count))
        }

        @Test(arguments: [Transport.legacy, .stateless])
        func `a client that hangs up interrupts its cell`(transport: Transport) async throws {
            do {
                var events = try await daemon.begin(.hanging(in: session), over: transport)
                let first = try await events.message()
                #expect(first["params"]?["message"]?.string == "begun")
            }
            let next = try await within(.seconds(10)) { try await daemon.call("interrupted", in: session) }
            #expect(next.text == "True")
        }

        @Test func `a call that waits for its turn can be given up`() async throws {
            var running = try await daemon.begin(.hanging(in: session), over: .legacy)
            _ = try await running.message()
            await #expect(throws: (any Error).self) {
                try await within(.milliseconds(300)) { try await daemon.call("ran = True", in: session) }
            }
            _ = try await daemon.call(.cleanUp(session))
            #expect(try await daemon.call("ran", in: session).text.contains("NameError"))
        }

        @Test func `notifications/cancelled interrupts the cell, and nothing answers it`() async throws {
            var connection = try await LegacyConnection(daemon, session: session)
            try await connection.post(Call.hanging(in: session).message(over: .legacy))
            _ = try await connection.events.message()
            try await connection.post([
                "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": 1],
            ])
            try await connection.post(Call(code: "interrupted", id: 2).message(over: .legacy))
            let next = try await Answer(from: &connection.events)
            #expect(next.id == 2)
            #expect(next.text == "True")
        }
    }
}

extension Daemon {
    /// What the daemon has written and its clients have not taken yet, in bytes.
    func unsentBytes() async throws -> Int {
        // Read by a program that reads to the end, as the tables are longer than one read gives.
        let tables = try await Program.run(FilePath("/bin/cat"), ["/proc/net/tcp", "/proc/net/tcp6"]).output
        return tables.split(separator: "\n").reduce(0) { sum, line in
            let fields = line.split(separator: " ")
            // Local address and port, then what waits to be sent and to be read.
            let port = fields[1].split(separator: ":").last.flatMap { Int($0, radix: 16) }
            guard port == self.port else { return sum }
            return sum + (fields[4].split(separator: ":").first.flatMap { Int($0, radix: 16) } ?? 0)
        }
    }
}
