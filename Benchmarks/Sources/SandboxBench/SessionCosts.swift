import Foundation
import Reporting
import Workers

/// What sessions cost over the worker's socket.
struct SessionCosts {
    let program: WorkerProgram
    let runs: Int
    /// Follows the name of each figure.
    let label: String

    /// Time, memory and throughput.
    func measure() throws {
        try program.run(poolSize: 4) { worker in
            Report.line("cold start to first result\(label)", try coldStarts(worker.socketPath))
            try warmCalls(worker.socketPath)
        }
        try program.run(poolSize: 0) { worker in
            Report.line("cold start to first result, no pool\(label)", try coldStarts(worker.socketPath))
            Report.line(
                "memory of an idle session\(label)",
                [try memoryPerSession(worker, sessionCount: 50)],
                unit: "MiB"
            )
        }
        try program.run(poolSize: 8) { worker in
            let rates = try (0..<5).map { _ in
                try Throughput.callsPerSecond(sessionCount: 128, callCount: 5) { try Session(path: worker.socketPath) }
            }
            Report.line("128 sessions of 5 calls\(label)", rates, unit: "calls/s")
        }
    }

    /// Each layer of confinement by itself.
    func measureLayers() throws {
        for (step, microseconds) in try program.measureLayers({ worker in _ = try coldStarts(worker.socketPath) }) {
            Report.line("layer: \(step)", microseconds, unit: "us")
        }
    }

    /// From a connection that is not there yet to the result of its first call.
    private func coldStarts(_ path: String) throws -> [Double] {
        try (0..<runs).map { _ in
            let taken = try milliseconds {
                let session = try Session(path: path)
                try session.run(.light)
            }
            // The last session's end and its successor's start are not part of the next one's time.
            Thread.sleep(forTimeInterval: 0.03)
            return taken
        }
    }

    private func warmCalls(_ path: String) throws {
        let session = try Session(path: path)
        for (what, cell) in Cell.warm {
            try session.run(.light)
            Report.line(what + label, try (0..<runs).map { _ in try milliseconds { try session.run(cell) } })
        }
    }

    private func memoryPerSession(_ worker: WorkerProcess, sessionCount: Int) throws -> Double {
        let idle = try (0..<sessionCount).map { _ in try Session(path: worker.socketPath) }
        for session in idle { try session.run(.light) }
        return try withExtendedLifetime(idle) {
            try Memory.proportionalMebibytes(below: worker.pid) / Double(sessionCount)
        }
    }
}
