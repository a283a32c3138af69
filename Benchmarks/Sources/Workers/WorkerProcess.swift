internal import Foundation

/// A worker of ours, started as the daemon starts it and ended with it.
package final class WorkerProcess {
    package let socketPath: String
    package var pid: Int32 { process.processIdentifier }

    private let process = Process()
    /// The worker lives for as long as this end is open.
    private let input = Pipe()
    private let directory: URL
    private let log: URL

    /// Starts `program` and returns once sessions can be opened; it writes how long layers took if `timesLayers`.
    init(_ program: WorkerProgram, poolSize: Int, timesLayers: Bool) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "harmonium-bench-\(UUID().uuidString)")
        let root = directory.appending(path: "root")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        log = directory.appending(path: "log")
        _ = FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil)
        socketPath = directory.appending(path: "socket").path(percentEncoded: false)

        let output = Pipe()
        process.executableURL = URL(filePath: program.executable)
        process.arguments = [
            "--socket", socketPath, "--sandbox", program.sandbox, "--root", root.path(percentEncoded: false),
            "--pool", "\(poolSize)", "--time-layers", timesLayers ? "1" : "0",
        ]
        process.standardInput = input
        process.standardOutput = output
        if timesLayers { process.standardError = try FileHandle(forWritingTo: log) }
        do {
            try process.run()
            try Self.waitUntilReady(output.fileHandleForReading)
        } catch {
            removeDirectory()
            throw error
        }
    }

    /// Ends the worker and all its sessions.
    func end() {
        input.fileHandleForWriting.closeFile()
        process.waitUntilExit()
        removeDirectory()
    }

    /// What it wrote to standard error, where layers are timed.
    package var complaints: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

    private func removeDirectory() {
        // What stays in the system's temporary directory is the system's to clear away.
        try? FileManager.default.removeItem(at: directory)
    }

    private static func waitUntilReady(_ output: FileHandle) throws {
        var said = ""
        while !said.split(separator: "\n").contains("ready") {
            let bytes = output.availableData
            guard !bytes.isEmpty else { throw BenchError("the worker ended before it was ready: \(said)") }
            said += String(decoding: bytes, as: UTF8.self)
        }
    }
}
