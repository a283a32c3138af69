import Foundation
import Reporting
import Workers

/// Copies of a session's files, made by a daemon that runs.
struct Branches {
    let port: UInt16
    let runs: Int

    /// Measures branches of a session that has written 50 MiB in 1000 files.
    func measure() throws {
        let script = "cd /root && head -c 52428800 /dev/urandom | split -a 4 -b 52429 - part-"
        let written = try request("POST", "/v1/sessions/bench/commands", body: #"{"cmd":["bash","-c","\#(script)"]}"#)
        guard written.contains(#""exit_code":0"#) else { throw BenchError("the files were not written: \(written)") }
        let taken = try (0..<runs).map { run in
            let taken = try milliseconds {
                let answer = try request("POST", "/v1/sessions/bench/branch", body: #"{"into":"bench-\#(run)"}"#)
                guard answer.hasPrefix("HTTP/1.1 201") else { throw BenchError("no branch: \(answer)") }
            }
            _ = try request("DELETE", "/v1/sessions/bench-\(run)", body: "")
            return taken
        }
        _ = try request("DELETE", "/v1/sessions/bench", body: "")
        Report.line("branch of 50 MiB in 1000 files", taken)
    }

    /// Asks on a connection of its own, and gives the whole answer.
    private func request(_ method: String, _ path: String, body: String) throws -> String {
        let connection = try Connection(port: port)
        let head = [
            "\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close", "Content-Type: application/json",
            "Content-Length: \(body.utf8.count)",
        ]
        try connection.write((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
        return String(decoding: try connection.readToEnd(), as: UTF8.self)
    }
}
