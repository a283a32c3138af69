import Testing

/// Tests of the built programs, from outside: over HTTP, signals, and what the kernel tells of processes.
///
/// One after the other, as each keeps the machine busy.
@Suite(.serialized, .needsSandbox, .timeLimit(.minutes(2))) enum EndToEndTests {}

extension Trait where Self == SandboxTrait {
    /// Skips tests, with the reason, on a machine where no session can be confined.
    static var needsSandbox: SandboxTrait { SandboxTrait() }
}

/// Asks `harmonium doctor`, once for all tests.
struct SandboxTrait: SuiteTrait {
    private static let absence = Task {
        // Ends with the program, which has its own deadlines.
        let doctor = try await Program.run(["doctor"])
        return doctor.exitCode == 0 ? nil : doctor.output + doctor.errors
    }

    func prepare(for test: Test) async throws {
        if let reason = try await Self.absence.value { try Test.cancel("no sandbox on this machine: \(reason)") }
    }
}
