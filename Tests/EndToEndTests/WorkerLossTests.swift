import Foundation
import Glibc
import Testing

extension EndToEndTests {
    @Suite struct WorkerLossTests {
        private let session = "test-\(UUID())"

        @Test func `a killed worker is replaced, and every session says what it lost`() async throws {
            try await Daemon.run { daemon in
                _ = try await daemon.call("mine = 1", in: session + "-idle")
                var running = try await daemon.begin(.hanging(in: session), over: .legacy)
                _ = try await running.message()
                let killed = try await daemon.killWorker()

                let lost = try await Answer(from: &running)
                #expect(lost.isError)
                #expect(lost.text.contains("lost while the cell ran: variables, imports and files are gone"))

                for name in [session, session + "-idle"] {
                    let next = try await daemon.call("print('works')", in: name)
                    #expect(next.text.contains("The sandbox was restarted: variables, imports and files"))
                    #expect(next.text.hasSuffix("works"))
                    #expect(!next.isError)
                }
                #expect(try await daemon.call("1", in: session).text == "1")
                #expect(try await daemon.worker().pid != killed)
            }
        }

        @Test func `a worker that is killed again and again comes back`() async throws {
            try await Daemon.run { daemon in
                for round in 0..<3 {
                    _ = try await daemon.killWorker()
                    let isBack = try await eventually(within: .seconds(20)) {
                        try await daemon.call("\(round)", in: session).text.hasSuffix("\(round)")
                    }
                    #expect(isBack, "\(daemon.log.text)")
                }
            }
        }

        @Test func `what a killed worker left is cleared away by the next`() async throws {
            try await Daemon.run { daemon in
                _ = try await daemon.call("1", in: session)
                let killed = try await daemon.killWorker()
                _ = await eventually { (try? await daemon.call("1", in: session).isError) == false }
                #expect(try await eventually { try await ControlGroups.made(byWorker: killed).isEmpty })
                let worker = try await daemon.worker().pid
                // The control: where groups can be made at all, they are seen.
                let isBounded = try await daemon.isolation().contains { $0.hasPrefix("on process group") }
                #expect(try await ControlGroups.made(byWorker: worker).isEmpty == !isBounded)
            }
        }
    }
}

extension Daemon {
    /// Kills the worker, waits until it and all of its sessions are gone, and gives its number.
    func killWorker(of tool: String = "python") async throws -> Int32 {
        let worker = try await worker(of: tool)
        let family = [worker.pid] + ProcessEntry.descendants(of: worker.pid).map(\.pid)
        let held = family.compactMap { try? HeldProcess($0) }
        held.first?.signal(SIGKILL)
        for process in held { #expect(try await process.ends(within: .seconds(10))) }
        return worker.pid
    }
}
