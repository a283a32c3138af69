import ContainerProtocol
import Glibc
import LinuxSystem
import SandboxProtocol
import Testing

extension AttackTests {
    /// Files that go from one session of a worker to another, by a pipe that its pool makes.
    @Suite(.serialized, .worker(.container)) struct ContainerCopy {
        private static let sleeper = Command(["sleep", "100"].map { Array($0.utf8) })
        /// The most commands at a time in a session.
        private static let commandsMax: UInt32 = 64

        @Test func `files go to the session that is connected, and without one nowhere`() async throws {
            try await Self.withTwo { source, target in
                _ = try await source.bash("echo words > /root/note; mkdir /opt/new")
                try await source.send(.save(7, to: .session))
                #expect(try await source.end(of: 7).outcome?.end == .notStarted(.resources(ENOTCONN)))
                try Self.connect(source, target)
                try await target.send(.restore(8, from: .session))
                try await source.send(.save(8, to: .session))
                let saved = try await source.end(of: 8)
                #expect(saved.outcome?.end == .exited(0) && saved.output.isEmpty)
                let restored = try await target.end(of: 8)
                #expect(restored.outcome?.end == .exited(0) && restored.output.count == 8)
                #expect(try await target.bash("cat /root/note; ls -d /opt/new").text == "words\n/opt/new\n")
            }
        }

        @Test func `a copy that is refused leaves no pipe for what the daemon asks next`() async throws {
            let sleeper = try #require(Self.sleeper)
            try await Self.withTwo { source, target in
                _ = try await source.bash("echo words > /root/note")
                try Self.connect(source, target)
                for number in 0..<Self.commandsMax { try await source.send(.start(number, sleeper)) }
                try await source.send(.save(100, to: .session))
                #expect(try await source.end(of: 100).outcome?.end == .notStarted(.tooManyCommands))
                for number in 0..<Self.commandsMax {
                    try await source.send(.signal(number, UInt8(SIGKILL)))
                    #expect(try await source.end(of: number).outcome?.end == .signaled(UInt8(SIGKILL)))
                }
                try await source.send(.save(101, to: .daemon))
                let saved = try await source.end(of: 101)
                #expect(saved.outcome?.end == .exited(0))
                #expect(saved.text.contains("words"))
            }
        }

        /// Lends two sessions of the suite's worker.
        private static func withTwo(
            _ body: (inout ContainerClient, inout ContainerClient) async throws -> Void
        ) async throws {
            let worker = try #require(TestWorker.current)
            try await worker.container { source in
                try await source.wait { !$0.key.isEmpty }
                try await worker.container { target in
                    try await target.wait { !$0.key.isEmpty }
                    try await body(&source, &target)
                }
            }
        }

        /// Has the pool make a pipe from one session to the other.
        private static func connect(_ source: ContainerClient, _ target: ContainerClient) throws {
            let worker = try #require(TestWorker.current)
            let socket = try UnixSocket.connectDescriptorSocket(to: DataRequest.socket(of: worker.socket))
            let request = DataRequest.connect(source: source.key, target: target.key)
            try UnixSocket.send([], with: request.encoded, through: socket)
            let answer = try UnixSocket.receive(from: socket)
            #expect(answer.flatMap { DataAnswer(encoded: $0.bytes) }?.errno == 0)
        }
    }
}
