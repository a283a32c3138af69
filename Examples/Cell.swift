import PythonProtocol

/// What the daemon sends for a cell, and what its session reads.
func describeCell(_ source: String) throws {
    let run = PythonRequest.Run(timeLimitMilliseconds: 1000, source: Array(source.utf8))
    let frame = PythonRequest.run(run).frame
    guard case .run(let read) = try PythonRequest(frame) else { return }
    print("run within \(read.timeLimitMilliseconds) ms:", String(decoding: read.source, as: UTF8.self))
}
