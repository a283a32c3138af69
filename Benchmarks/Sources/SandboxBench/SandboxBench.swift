import Foundation
import Reporting

/// Measures the sandbox through the worker's own socket, and the python tool through a daemon that runs.
///
/// Standard output is one JSON object a line.
@main
struct SandboxBench {
    private static let usage = "usage: SandboxBench WORKER SANDBOX-DIRECTORY RUNS [DAEMON-PORT | LABEL]"

    static func main() {
        do {
            try measure(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("SandboxBench: \(error)\n".utf8))
            exit(1)
        }
    }

    /// With a label, what a session costs with other modules loaded; without, everything.
    private static func measure(_ arguments: [String]) throws {
        guard (3...4).contains(arguments.count), let runs = Int(arguments[2]), runs > 0 else {
            throw BenchError(usage)
        }
        let port = arguments.dropFirst(3).first.flatMap(UInt16.init)
        let label = port == nil ? arguments.dropFirst(3).first.map { ", \($0)" } ?? "" : ""
        func withWorker(poolSize: Int, timesLayers: Bool = false, _ body: (WorkerProcess) throws -> Void) throws {
            let worker = try WorkerProcess(
                executable: arguments[0],
                sandbox: arguments[1],
                poolSize: poolSize,
                timesLayers: timesLayers
            )
            defer { worker.end() }
            try body(worker)
        }
        try withWorker(poolSize: 4) { worker in
            Report.line("cold start to first result\(label)", try coldStarts(worker.socketPath, runs: runs))
            try warmCalls(worker.socketPath, runs: runs, label: label)
        }
        try withWorker(poolSize: 0) { worker in
            Report.line("cold start to first result, no pool\(label)", try coldStarts(worker.socketPath, runs: runs))
            Report.line(
                "memory of an idle session\(label)",
                [try memoryPerSession(worker, sessionCount: 50)],
                unit: "MiB"
            )
        }
        try withWorker(poolSize: 8) { worker in
            let rates = try (0..<5).map { _ in
                try Throughput.callsPerSecond(path: worker.socketPath, sessionCount: 128, callCount: 5)
            }
            Report.line("128 sessions of 5 calls\(label)", rates, unit: "calls/s")
        }
        guard label.isEmpty else { return }
        try withWorker(poolSize: 0, timesLayers: true) { worker in
            _ = try coldStarts(worker.socketPath, runs: runs)
            for (step, microseconds) in LayerCosts.read(from: worker.complaints) {
                Report.line("layer: \(step)", microseconds, unit: "us")
            }
        }
        if let port { try toolCalls(port, runs: runs) }
    }

    /// From a connection that is not there yet to the result of its first call.
    private static func coldStarts(_ path: String, runs: Int) throws -> [Double] {
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

    private static func warmCalls(_ path: String, runs: Int, label: String) throws {
        let session = try Session(path: path)
        for (what, cell) in Cell.warm {
            try session.run(.light)
            Report.line(what + label, try (0..<runs).map { _ in try milliseconds { try session.run(cell) } })
        }
    }

    private static func toolCalls(_ port: UInt16, runs: Int) throws {
        let client = try ToolClient(port: port)
        try client.run(.light)
        Report.line("warm call through MCP", try (0..<runs).map { _ in try milliseconds { try client.run(.light) } })
    }

    private static func memoryPerSession(_ worker: WorkerProcess, sessionCount: Int) throws -> Double {
        let idle = try (0..<sessionCount).map { _ in try Session(path: worker.socketPath) }
        for session in idle { try session.run(.light) }
        return try withExtendedLifetime(idle) {
            try Memory.proportionalMebibytes(below: worker.pid) / Double(sessionCount)
        }
    }
}
