/// A worker's program that is measured.
package struct WorkerProgram {
    let executable: String
    let sandbox: String

    /// The program at `executable`, with what exists inside its sessions in the directory `sandbox`.
    package init(executable: String, sandbox: String) {
        self.executable = executable
        self.sandbox = sandbox
    }

    /// Lends `body` a worker that runs meanwhile; it writes how long layers took if `timesLayers`.
    package func run(poolSize: Int, timesLayers: Bool = false, _ body: (WorkerProcess) throws -> Void) throws {
        let worker = try WorkerProcess(self, poolSize: poolSize, timesLayers: timesLayers)
        defer { worker.end() }
        try body(worker)
    }

    /// The microseconds of each step of making the sessions that `body` makes, in the order of the steps.
    package func measureLayers(
        _ body: (WorkerProcess) throws -> Void
    ) throws -> [(step: String, microseconds: [Double])] {
        var log = ""
        try run(poolSize: 0, timesLayers: true) { worker in
            try body(worker)
            log = worker.complaints
        }
        return LayerCosts.read(from: log)
    }
}
