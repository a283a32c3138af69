import Foundation
import Reporting
import Workers

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
        let last = arguments.dropFirst(3).first
        let port = last.flatMap(UInt16.init)
        let label = port == nil ? last.map { ", \($0)" } ?? "" : ""
        let costs = SessionCosts(
            program: WorkerProgram(executable: arguments[0], sandbox: arguments[1]),
            runs: runs,
            label: label
        )
        try costs.measure()
        guard label.isEmpty else { return }
        try costs.measureLayers()
        if let port { try toolCalls(port, runs: runs) }
    }

    private static func toolCalls(_ port: UInt16, runs: Int) throws {
        let client = try ToolClient(port: port)
        try client.run(.light)
        Report.line("warm call through MCP", try (0..<runs).map { _ in try milliseconds { try client.run(.light) } })
    }
}
