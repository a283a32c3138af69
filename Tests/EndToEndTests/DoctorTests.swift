import Foundation
import SystemPackage
import Testing

extension EndToEndTests {
    /// What `harmonium doctor` says of cores where the machine hands them to a program.
    @Suite(.enabled(if: CorePattern.canBeSet, "kernel.core_pattern cannot be set here"))
    struct DoctorTests {
        private static let refused = "[ok] core dumps: a crash leaves no file and starts no program of the machine's"

        @Test(arguments: ["1", "unlimited"])
        func `a program that would get cores is named where the limit keeps it away`(limit: String) async throws {
            let output = try await Self.output(pattern: "|/bin/false %P", hardLimit: limit)
            #expect(output.contains("\(Self.refused), which kernel.core_pattern names: |/bin/false %P\n"), "\(output)")
        }

        @Test func `a hard limit that keeps no program away is a layer that is missing, with what would help`()
            async throws
        {
            let output = try await Self.output(pattern: "|/bin/false %P", hardLimit: "0")
            #expect(output.contains("[missing] core dumps: kernel.core_pattern starts a program as root"), "\(output)")
            #expect(output.contains("start with a limit of 1 (LimitCORE=1, ulimit -Hc 1)"), "\(output)")
        }

        @Test func `a file that would get cores needs no name`() async throws {
            let output = try await Self.output(pattern: "core", hardLimit: "0")
            #expect(output.contains("\(Self.refused)\n"), "\(output)")
        }

        /// What the program prints where cores go by `pattern`, and it is started with a hard limit on them.
        private static func output(pattern: String, hardLimit: String) async throws -> String {
            let cores = try CorePattern(pattern)
            defer { cores.restore() }
            // prlimit counts in bytes, and ulimit in kilobytes.
            let doctor = try await Program.run(
                "/usr/bin/prlimit",
                ["--core=0:\(hardLimit)", Program.harmonium.string, "doctor"]
            )
            #expect(doctor.exitCode == 0, "\(doctor.errors)")
            return doctor.output
        }
    }
}

/// What this machine does with cores, until it is restored.
private struct CorePattern {
    private static let path = "/proc/sys/kernel/core_pattern"
    static var canBeSet: Bool { FileManager.default.isWritableFile(atPath: path) }

    private let before: String

    init(_ pattern: String) throws {
        before = try String(contentsOfFile: Self.path, encoding: .utf8)
        try pattern.write(toFile: Self.path, atomically: false, encoding: .utf8)
    }

    func restore() { try? before.write(toFile: Self.path, atomically: false, encoding: .utf8) }
}
