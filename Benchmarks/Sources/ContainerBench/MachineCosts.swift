import ContainerProtocol
import Foundation
import Reporting
import Workers

/// What container sessions cost over the worker's socket.
struct MachineCosts {
    let program: WorkerProgram
    let runs: Int

    /// Time, memory and throughput.
    func measure() throws {
        try program.run(poolSize: 4) { worker in
            Report.line("start of a session", try starts(worker) { _ in })
            Report.line("start and `true`", try starts(worker) { try $0.run(["true"]) })
            try commands(worker)
        }
        try program.run(poolSize: 0) { worker in
            Report.line("start of a session, no pool", try starts(worker) { _ in })
            Report.line("start and `true`, no pool", try starts(worker) { try $0.run(["true"]) })
            Report.line("end of a session", try ends(worker))
            Report.line("memory of an idle session", [try memoryPerSession(worker, sessionCount: 200)], unit: "MiB")
        }
        try program.run(poolSize: 8) { worker in
            let rates = try (0..<5).map { _ in
                try Throughput.callsPerSecond(sessionCount: 64, callCount: 20) { try Machine(path: worker.socketPath) }
            }
            Report.line("64 sessions of 20 commands", rates, unit: "calls/s")
        }
    }

    /// Each step of making a session by itself.
    func measureLayers() throws {
        for (step, microseconds) in try program.measureLayers({ worker in _ = try starts(worker) { _ in } }) {
            Report.line("layer: \(step)", microseconds, unit: "us")
        }
    }

    /// From a connection that is not there yet to the end of `use`.
    private func starts(_ worker: WorkerProcess, _ use: (Machine) throws -> Void) throws -> [Double] {
        try (0..<runs).map { _ in
            let taken = try milliseconds { try use(try Machine(path: worker.socketPath)) }
            // The last session's end and its successor's start are not part of the next one's time.
            Thread.sleep(forTimeInterval: 0.03)
            return taken
        }
    }

    private func commands(_ worker: WorkerProcess) throws {
        let machine = try Machine(path: worker.socketPath)
        try machine.run(["true"])
        Report.line("`true` in a session", try (0..<runs).map { _ in try milliseconds { try machine.run(["true"]) } })
        Report.line(
            "10 000 lines in a session",
            try (0..<runs).map { _ in try milliseconds { try machine.run(["seq", "10000"]) } }
        )
        try machine.start(
            ["bash", "-c", "stty raw -echo; echo ready; exec cat"],
            terminal: TerminalSize(rows: 24, columns: 80)
        )
        try machine.waitForOutput(endingIn: "ready\n")
        let trips = try (0..<runs).map { run in
            try milliseconds {
                try machine.type("<\(run)>")
                try machine.waitForOutput(endingIn: "<\(run)>")
            }
        }
        Report.line("round trip through a terminal", trips)
    }

    /// From the end of the connection to that of the session's supervisor, PID 1 of its namespaces.
    private func ends(_ worker: WorkerProcess) throws -> [Double] {
        try (0..<runs).map { _ in
            var machine: Machine? = try Machine(path: worker.socketPath)
            try machine?.run(["true"])
            guard let supervisor = try Memory.descendants(of: worker.pid).first else {
                throw BenchError("the session has no process")
            }
            return milliseconds {
                machine = nil
                while kill(supervisor, 0) == 0 { sched_yield() }
            }
        }
    }

    private func memoryPerSession(_ worker: WorkerProcess, sessionCount: Int) throws -> Double {
        let idle = try (0..<sessionCount).map { _ in try Machine(path: worker.socketPath) }
        for machine in idle { try machine.run(["true"]) }
        return try withExtendedLifetime(idle) {
            try Memory.proportionalMebibytes(below: worker.pid) / Double(sessionCount)
        }
    }
}
