import Foundation
import Workers

/// Measures container sessions through the worker's own socket, and their branches through a daemon that runs.
///
/// Standard output is one JSON object a line.
@main
struct ContainerBench {
    private static let usage = "usage: ContainerBench WORKER SANDBOX-DIRECTORY RUNS DAEMON-PORT"

    static func main() {
        do {
            try measure(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("ContainerBench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func measure(_ arguments: [String]) throws {
        guard arguments.count == 4, let runs = Int(arguments[2]), runs > 0, let port = UInt16(arguments[3]) else {
            throw BenchError(usage)
        }
        let costs = MachineCosts(
            program: WorkerProgram(executable: arguments[0], sandbox: arguments[1]),
            runs: runs
        )
        try costs.measure()
        try costs.measureLayers()
        try Branches(port: port, runs: max(3, runs / 10)).measure()
    }
}
